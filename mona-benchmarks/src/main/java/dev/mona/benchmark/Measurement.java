package dev.mona.benchmark;

import dev.mona.compute.Precision;
import java.util.Arrays;
import java.util.Locale;

/**
 * Some steps of one peer, run one after the other.
 *
 * @param peer whose steps
 * @param kind which step
 * @param repetition index of the turn
 * @param work what the peer says of the steps
 * @param foreignShare part of all processors that other processes used meanwhile
 */
record Measurement(PeerId peer, StepKind kind, int repetition, Work work, double foreignShare) {
  /** Relative: single precision, summed in another order. */
  private static final double TOLERANCE = 1e-4;

  /** Relative, of factors that are rounded to 8 bits. */
  private static final double ROUNDED_TOLERANCE = 2e-2;

  /**
   * A peer's answer.
   *
   * @param variant how it computed, e.g. with fused attention
   * @param seconds time of each step
   * @param checksum norm of the gradient
   */
  record Work(String variant, double[] seconds, double checksum) {
    Work {
      if (seconds.length == 0) {
        throw new IllegalArgumentException("a peer measured no step");
      }
      seconds = seconds.clone();
    }
  }

  /**
   * Refuses a measurement of work that is not the same.
   *
   * @throws IllegalStateException if the peers disagree on the result
   */
  void requireAgreement(Measurement other) {
    double checksum = work.checksum;
    boolean exact =
        peer.precision() == Precision.FLOAT32 && other.peer.precision() == peer.precision();
    double tolerance = exact ? TOLERANCE : ROUNDED_TOLERANCE;
    boolean close = Math.abs(checksum - other.work.checksum) <= tolerance * Math.abs(checksum);
    if (!close) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s gets %.9g in step %s where %s gets %.9g: they compute different things",
              other.peer.title(),
              other.work.checksum,
              kind.id(),
              peer.title(),
              checksum));
    }
  }

  /** Median time of a step in seconds. */
  double median() {
    return median(work.seconds);
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
