package dev.mona.rounds;

import dev.mona.learner.TrainingState;

/**
 * What a round leaves behind.
 *
 * @param state the averaged state
 * @param examples samples seen by all workers
 * @param metrics merged in partition order
 * @param seconds wall-clock time of the round
 * @param averagingSeconds the part of it in which the slowest worker's local steps were not
 *     running: broadcast, scheduling, shuffle, mean and collection
 */
public record RoundOutcome(
    TrainingState state,
    long examples,
    Diagnostics metrics,
    double seconds,
    double averagingSeconds) {}
