package dev.mona.benchmark;

import java.util.Arrays;

/**
 * Some steps of one peer, run one after the other.
 *
 * @param peer name of the peer
 * @param kind which step
 * @param repetition index of the turn
 * @param variant how the peer computed, e.g. with fused attention
 * @param seconds time of each step
 * @param foreignShare part of all processors that other processes used meanwhile
 */
record Measurement(
    String peer,
    StepKind kind,
    int repetition,
    String variant,
    double[] seconds,
    double foreignShare) {
  Measurement {
    if (seconds.length == 0) {
      throw new IllegalArgumentException(peer + " measured no step");
    }
    seconds = seconds.clone();
  }

  /** Median time of a step in seconds. */
  double median() {
    return median(seconds);
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
