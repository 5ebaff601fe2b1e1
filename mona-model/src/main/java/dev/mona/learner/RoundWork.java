package dev.mona.learner;

import java.io.Serializable;

/**
 * One worker's share of one round.
 *
 * @param stage the stage
 * @param epoch epoch within the stage, from 0
 * @param firstStep index within the epoch of the first local step of this round
 * @param steps local steps to run at most; a partition with fewer samples runs out earlier
 * @param partition index of the partition
 * @param stepsPerEpoch local steps of the largest partition in one epoch; schedules count with it
 */
public record RoundWork(
    Stage stage, int epoch, int firstStep, int steps, int partition, int stepsPerEpoch)
    implements Serializable {}
