package dev.mona.learner;

import java.io.Serializable;

/**
 * One worker's share of one round.
 *
 * @param stage the stage
 * @param epoch epoch within the stage, from 0
 * @param partition index of the partition
 * @param steps the local steps to run
 */
public record RoundWork(Stage stage, int epoch, int partition, StepRange steps)
    implements Serializable {}
