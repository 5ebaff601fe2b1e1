package dev.mona.metric;

import java.util.Arrays;

/**
 * The samples of one output in ascending order of score. Ties have no order: both measures see
 * groups of equal scores, so they depend on the set of samples only.
 */
final class Ranking {
  /** Per sample: the score as an order-preserving integer, then the target in the lowest bit. */
  private final long[] keys;

  private final long positives;

  /**
   * @param scores scores without NaN, {@code [n]}
   * @param targets whether each sample is positive, {@code [n]}
   */
  Ranking(float[] scores, boolean[] targets) {
    keys = new long[scores.length];
    long count = 0;
    for (int i = 0; i < scores.length; i++) {
      keys[i] = (long) ordered(scores[i]) << 1 | (targets[i] ? 1 : 0);
      count += targets[i] ? 1 : 0;
    }
    Arrays.sort(keys);
    positives = count;
  }

  /** An integer that orders as the float does, with -0 equal to 0. */
  private static int ordered(float score) {
    int bits = Float.floatToIntBits(score + 0f);
    return bits < 0 ? ~bits ^ Integer.MIN_VALUE : bits;
  }

  /**
   * Area under the ROC curve: pairs of a positive with a lower negative, plus half the tied pairs,
   * over all pairs. NaN without positives or without negatives.
   */
  double areaUnderRoc() {
    long negatives = keys.length - positives;
    long twiceWon = 0;
    long negativesBelow = 0;
    for (int start = 0, end; start < keys.length; start = end) {
      end = endOfTie(start);
      long tied = positivesIn(start, end);
      long tiedNegatives = end - start - tied;
      twiceWon += tied * (2 * negativesBelow + tiedNegatives);
      negativesBelow += tiedNegatives;
    }
    return twiceWon / (2.0 * positives * negatives);
  }

  /** Average precision; NaN without positives. */
  double averagePrecision() {
    double sum = 0;
    long retrieved = 0;
    for (int end = keys.length, start; end > 0; end = start) {
      start = startOfTie(end);
      long tied = positivesIn(start, end);
      retrieved += tied;
      sum += (double) tied * retrieved / (keys.length - start);
    }
    return sum / positives;
  }

  private int endOfTie(int start) {
    int end = start + 1;
    while (end < keys.length && keys[end] >> 1 == keys[start] >> 1) {
      end++;
    }
    return end;
  }

  private int startOfTie(int end) {
    int start = end - 1;
    while (start > 0 && keys[start - 1] >> 1 == keys[end - 1] >> 1) {
      start--;
    }
    return start;
  }

  private long positivesIn(int start, int end) {
    long count = 0;
    for (int i = start; i < end; i++) {
      count += keys[i] & 1;
    }
    return count;
  }
}
