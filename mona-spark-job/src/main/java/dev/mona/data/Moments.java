package dev.mona.data;

import java.io.Serializable;

/**
 * Mean and population standard deviation of channels, all in double and in two passes: first {@link
 * #count} over every sample, then {@link #spread}, both in the same order. Sums are of differences,
 * from the first value of the channel and then from the mean, so that an offset, however large,
 * costs no digits: the moments of {@code 1.7e9 + x} are those of x. The same samples give the same
 * bits.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int channels;
  private final double[] first;
  private final double[] sum;
  private final double[] residual;
  private final double[] squares;
  private final boolean[] varies;
  private long counted;
  private long spread;

  public Moments(int channels) {
    this.channels = channels;
    first = new double[channels];
    sum = new double[channels];
    residual = new double[channels];
    squares = new double[channels];
    varies = new boolean[channels];
  }

  /**
   * The first pass.
   *
   * @param values {@code [channels, points]}
   */
  public void count(double[] values) {
    int points = values.length / channels;
    for (int c = 0; c < channels; c++) {
      if (counted == 0) {
        first[c] = values[c * points];
      }
      for (int k = c * points; k < (c + 1) * points; k++) {
        varies[c] |= values[k] != first[c];
        sum[c] += values[k] - first[c];
      }
    }
    counted += points;
  }

  /**
   * The second pass.
   *
   * @param values {@code [channels, points]}
   */
  public void spread(double[] values) {
    int points = values.length / channels;
    for (int c = 0; c < channels; c++) {
      double mean = mean(c);
      for (int k = c * points; k < (c + 1) * points; k++) {
        double difference = values[k] - mean;
        residual[c] += difference;
        squares[c] += difference * difference;
      }
    }
    spread += points;
  }

  /**
   * Adds the first pass over other values. The bits of the sum depend on the order in which moments
   * are added.
   */
  public Moments and(Moments other) {
    if (counted == 0 || other.counted == 0) {
      return counted == 0 ? other : this;
    }
    for (int c = 0; c < channels; c++) {
      double apart = other.first[c] - first[c];
      varies[c] |= other.varies[c] || apart != 0;
      sum[c] += other.sum[c] + apart * other.counted;
    }
    counted += other.counted;
    return this;
  }

  /** The first pass alone, for a second pass over some of the values. */
  public Moments counted() {
    Moments copy = new Moments(channels);
    System.arraycopy(first, 0, copy.first, 0, channels);
    System.arraycopy(sum, 0, copy.sum, 0, channels);
    System.arraycopy(varies, 0, copy.varies, 0, channels);
    copy.counted = counted;
    return copy;
  }

  /** Adds the second pass over other values. */
  public Moments andSpread(Moments other) {
    for (int c = 0; c < channels; c++) {
      residual[c] += other.residual[c];
      squares[c] += other.squares[c];
    }
    spread += other.spread;
    return this;
  }

  /** Whether a channel has more than one value. */
  boolean varies(int channel) {
    return varies[channel];
  }

  /** The mean of a channel, after the first pass; not finite when its values are too far apart. */
  public double mean(int channel) {
    return first[channel] + sum[channel] / counted;
  }

  /** The deviation of a channel, after the second pass; 0 for a constant. */
  public double sd(int channel) {
    if (spread != counted) {
      throw new IllegalStateException(
          spread + " values in the second pass, " + counted + " before");
    }
    if (!varies[channel]) {
      return 0;
    }
    // what rounding left of the sum of differences, which is 0 for the exact mean
    double left = residual[channel] / counted;
    return Math.sqrt(Math.max(0, squares[channel] / counted - left * left));
  }
}
