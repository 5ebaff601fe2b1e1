package dev.mona.torch;

import dev.mona.compute.OuterShare;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Mean of the same values of several members: {@code sum_p w_p x_p / sum_p w_p}, products and sum
 * in double in the order of ranks, divided once, rounded to float once. Members of weight 0 have no
 * say, and the mean of one is that one. Where an outer optimizer steps on the mean, what it makes
 * of it is written instead.
 */
final class ShareMean {
  /** Values whose sums stay in a core's cache. */
  private static final int PART = 1 << 12;

  private static final int SIGN = 0x7fffffff;
  private static final int INFINITE = 0x7f800000;

  private final long[] weights;
  private final long total;
  private final float[] values = new float[PART];
  private final double[] sum = new double[PART];
  private final @Nullable OuterShare outer;
  private boolean finite = true;

  /**
   * A mean over members.
   *
   * @param weights of every member, one of them positive
   * @param outer steps on every value that is written, in their order; null for the mean itself
   */
  ShareMean(long[] weights, @Nullable OuterShare outer) {
    long sumOfWeights = 0;
    for (long weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException("weight is " + weight + ", must be >= 0");
      }
      sumOfWeights = Math.addExact(sumOfWeights, weight);
    }
    if (sumOfWeights == 0) {
      throw new IllegalArgumentException("all weights are 0, the mean is of nothing");
    }
    this.weights = weights.clone();
    total = sumOfWeights;
    this.outer = outer;
    if (outer != null) {
      outer.rewind();
    }
  }

  /** Whether all that was written is. */
  boolean finite() {
    return finite;
  }

  /**
   * Writes the mean of values that lie one member after the other.
   *
   * @param all {@code [members, n]}
   * @param n values of a member
   * @param to where the mean goes, from position {@code at} on
   */
  void write(FloatBuffer all, int n, FloatBuffer to, int at) {
    for (int from = 0; from < n; from += PART) {
      int count = Math.min(PART, n - from);
      boolean many = false;
      boolean any = false;
      for (int p = 0; p < weights.length; p++) {
        if (weights[p] > 0) {
          many |= any;
          any = true;
          all.get(p * n + from, values, 0, count);
          add((double) weights[p], count, !many);
        }
      }
      if (many) {
        for (int i = 0; i < count; i++) {
          values[i] = (float) (sum[i] / total);
        }
      }
      if (outer != null) {
        outer.step(values, count);
      }
      look(count);
      to.put(at + from, values, 0, count);
    }
  }

  /** The first is not added to zero, which would turn -0 into 0. */
  private void add(double weight, int count, boolean first) {
    if (first) {
      for (int i = 0; i < count; i++) {
        sum[i] = weight * values[i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        sum[i] += weight * values[i];
      }
    }
  }

  private void look(int count) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & SIGN);
    }
    finite &= largest < INFINITE;
  }
}
