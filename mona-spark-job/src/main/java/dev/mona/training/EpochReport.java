package dev.mona.training;

import dev.mona.checkpoint.EpochScore;

/**
 * What happened in an epoch.
 *
 * @param epoch stage, index, validation score and metrics
 * @param epochs epochs of the stage
 * @param best whether it is the best of the stage so far
 * @param seconds wall-clock time of this session, validation included
 */
public record EpochReport(EpochScore epoch, int epochs, boolean best, double seconds) {}
