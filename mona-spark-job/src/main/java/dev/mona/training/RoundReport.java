package dev.mona.training;

import dev.mona.learner.Stage;
import java.util.Map;

/**
 * What happened in a round.
 *
 * @param stage the stage
 * @param epoch its epoch, from 0
 * @param epochs epochs of the stage
 * @param round its index within the epoch, from 0
 * @param rounds rounds of the epoch
 * @param examples samples seen by all workers
 * @param seconds wall-clock time
 * @param averagingSeconds the part of it that the slowest worker's local steps did not take
 * @param metrics means over the round, by name
 */
public record RoundReport(
    Stage stage,
    int epoch,
    int epochs,
    int round,
    int rounds,
    long examples,
    double seconds,
    double averagingSeconds,
    Map<String, Double> metrics) {}
