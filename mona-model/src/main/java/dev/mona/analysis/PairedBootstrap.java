package dev.mona.analysis;

import dev.mona.random.SplitMix64;
import java.util.Arrays;
import java.util.Random;

/**
 * Difference of two methods that were run on the same seeds: mean and standard deviation of {@code
 * first_i - second_i}, and the 95 % percentile interval of the mean over resampled pairs (Efron,
 * Annals of Statistics 1979). Up to {@value #MOST_ENUMERATED} pairs all n^n resamples are taken,
 * otherwise {@value #RESAMPLES} drawn ones, a pure function of the seed.
 *
 * <p>The lower end is the smallest mean with at least 2.5 % of the resamples at or below it, the
 * upper end the largest with as many at or above.
 *
 * @param pairs n
 * @param mean of the differences
 * @param deviation of the differences, over n - 1
 * @param lower end of the interval
 * @param upper end of the interval
 */
public record PairedBootstrap(
    int pairs, double mean, double deviation, double lower, double upper) {
  static final int MOST_ENUMERATED = 5;
  static final int RESAMPLES = 10_000;
  private static final double TAIL = 0.025;
  private static final long KEY = 0xB007L;

  /**
   * Compares two methods.
   *
   * @param first a value for each seed, at least 2
   * @param second the values for the same seeds
   */
  public static PairedBootstrap of(double[] first, double[] second, long seed) {
    int n = first.length;
    if (n < 2 || second.length != n) {
      throw new IllegalArgumentException(
          "%d and %d values make no two pairs or more".formatted(n, second.length));
    }
    double[] differences = new double[n];
    for (int i = 0; i < n; i++) {
      differences[i] = first[i] - second[i];
    }
    double mean = Arrays.stream(differences).sum() / n;
    double squares = 0;
    for (double difference : differences) {
      squares += (difference - mean) * (difference - mean);
    }
    double[] means = n <= MOST_ENUMERATED ? enumerated(differences) : drawn(differences, seed);
    Arrays.sort(means);
    int tail = (int) Math.ceil(TAIL * means.length) - 1;
    return new PairedBootstrap(
        n, mean, Math.sqrt(squares / (n - 1)), means[tail], means[means.length - 1 - tail]);
  }

  /** Means of all resamples: the digits of their number in base n say which are drawn. */
  private static double[] enumerated(double[] differences) {
    int n = differences.length;
    double[] means = new double[(int) Math.pow(n, n)];
    for (int r = 0; r < means.length; r++) {
      double sum = 0;
      for (int i = 0, digits = r; i < n; i++, digits /= n) {
        sum += differences[digits % n];
      }
      means[r] = sum / n;
    }
    return means;
  }

  private static double[] drawn(double[] differences, long seed) {
    Random random = new Random(SplitMix64.hash(seed, KEY));
    int n = differences.length;
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += differences[random.nextInt(n)];
      }
      means[r] = sum / n;
    }
    return means;
  }
}
