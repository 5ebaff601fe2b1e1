package dev.mona.training;

import dev.mona.checkpoint.EpochScore;

/**
 * What happened in an epoch.
 *
 * @param epoch stage, index, validation score and metrics
 * @param epochs epochs of the stage
 * @param examples samples seen by all workers
 * @param best whether it is the best of the stage so far
 * @param seconds wall-clock time since the epoch began or was gone on with, validation included
 */
public record EpochReport(
    EpochScore epoch, int epochs, long examples, boolean best, double seconds) {}
