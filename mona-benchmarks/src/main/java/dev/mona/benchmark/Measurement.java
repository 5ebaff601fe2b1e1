package dev.mona.benchmark;

import java.util.Arrays;
import java.util.Locale;

/**
 * Some steps of one peer, run one after the other.
 *
 * @param peer name of the peer
 * @param kind which step
 * @param repetition index of the turn
 * @param variant how the peer computed, e.g. with fused attention
 * @param seconds time of each step
 * @param checksum value that depends on all of a step's work
 * @param foreignShare part of all processors that other processes used meanwhile
 */
record Measurement(
    String peer,
    StepKind kind,
    int repetition,
    String variant,
    double[] seconds,
    double checksum,
    double foreignShare) {
  /** Relative: single precision, summed in another order. */
  private static final double TOLERANCE = 1e-4;

  Measurement {
    if (seconds.length == 0) {
      throw new IllegalArgumentException(peer + " measured no step");
    }
    seconds = seconds.clone();
  }

  /**
   * Refuses a measurement of work that is not the same.
   *
   * @throws IllegalStateException if peers with the same weights disagree on the result
   */
  void requireAgreement(Measurement other) {
    boolean close = Math.abs(checksum - other.checksum) <= TOLERANCE * Math.abs(checksum);
    if (kind.sameWeights() && !close) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s gets %.9g in step %s where %s gets %.9g: they compute different things",
              other.peer,
              other.checksum,
              kind.id(),
              peer,
              checksum));
    }
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
