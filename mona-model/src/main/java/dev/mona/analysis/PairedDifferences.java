package dev.mona.analysis;

import dev.mona.random.SplitMix64;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Differences of two methods that were run on the same seeds, and what they say of methods with
 * other seeds: Student's interval of the mean, the exact sign-flip test (Fisher, The Design of
 * Experiments, 1935), and how many pairs a difference like this one would need to be seen.
 */
public final class PairedDifferences {
  /** Level of the interval. */
  public static final double LEVEL = 0.95;

  /** Fewest pairs with an interval: of fewer, the spread is hardly known. */
  public static final int FEWEST_FOR_AN_INTERVAL = 5;

  /** Probability with which {@link #pairsNeeded} pairs show the difference. */
  public static final double POWER = 0.8;

  /** Most pairs whose signs are all enumerated. */
  static final int MOST_ENUMERATED = 24;

  /** Signs drawn where there are more. */
  static final int DRAWN = 1_000_000;

  private static final long KEY = 0x516FL;
  private static final long MOST_PAIRS = 1_000_000;
  private static final double ROUNDING = 1e-12;

  private final double[] differences;
  private final double mean;
  private final double deviation;

  private PairedDifferences(double[] differences) {
    this.differences = differences;
    this.mean = Arrays.stream(differences).sum() / differences.length;
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    this.deviation = Math.sqrt(squares / (differences.length - 1));
  }

  /**
   * Compares two methods.
   *
   * @param first a value for each seed, at least 2
   * @param second the values for the same seeds
   */
  public static PairedDifferences of(double[] first, double[] second) {
    int n = first.length;
    if (n < 2 || second.length != n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d and %d values make no two pairs or more", n, second.length));
    }
    double[] differences = new double[n];
    Arrays.setAll(differences, i -> first[i] - second[i]);
    return new PairedDifferences(differences);
  }

  /** Number of pairs, n. */
  public int pairs() {
    return differences.length;
  }

  /** Mean of {@code first_i - second_i}. */
  public double mean() {
    return mean;
  }

  /** Standard deviation of the differences, over n - 1. */
  public double deviation() {
    return deviation;
  }

  /**
   * An interval.
   *
   * @param lower its lower end
   * @param upper its upper end
   */
  public record Interval(double lower, double upper) {
    /** Whether all of it is above 0, or all of it below. */
    public boolean excludesZero() {
      return lower > 0 || upper < 0;
    }
  }

  /**
   * Student's interval of the mean difference, {@code mean +- t_{0.975, n-1} deviation / sqrt n}.
   * It holds the true mean with probability {@value #LEVEL} where differences are normal. None for
   * fewer than {@value #FEWEST_FOR_AN_INTERVAL} pairs.
   */
  public Optional<Interval> interval() {
    return interval(LEVEL);
  }

  /** The same with another probability of holding the true mean. */
  public Optional<Interval> interval(double level) {
    if (pairs() < FEWEST_FOR_AN_INTERVAL) {
      return Optional.empty();
    }
    double half = quantile((1 + level) / 2, pairs()) * deviation / Math.sqrt(pairs());
    return Optional.of(new Interval(mean - half, mean + half));
  }

  /**
   * Two-sided probability of a mean as far from 0 as this one, if each difference could as well
   * have had the other sign: the share of the 2^n choices of signs with such a mean. It is never
   * below 2^(1-n), so that fewer than 6 pairs cannot reach 0.05. Above {@value #MOST_ENUMERATED}
   * pairs {@value #DRAWN} choices are drawn, the same every time, and the one that was seen counted
   * with them.
   */
  public double signFlip() {
    double observed = Math.abs(Arrays.stream(differences).sum());
    double all = Arrays.stream(differences).map(Math::abs).sum();
    // sums of the same numbers in another order are equal but for rounding
    double least = observed - ROUNDING * all;
    return pairs() <= MOST_ENUMERATED ? enumerated(least) : drawn(least);
  }

  /** One sign at a time changes (Gray code); the first is fixed, as -x is as far from 0 as x. */
  private double enumerated(double least) {
    int n = pairs();
    double[] signed = differences.clone();
    double sum = Arrays.stream(signed).sum();
    long choices = 1L << (n - 1);
    long extreme = 0;
    for (long choice = 1; choice <= choices; choice++) {
      if (Math.abs(sum) >= least) {
        extreme++;
      }
      if (choice < choices) {
        int flipped = 1 + Long.numberOfTrailingZeros(choice);
        sum -= 2 * signed[flipped];
        signed[flipped] = -signed[flipped];
      }
    }
    return (double) extreme / choices;
  }

  private double drawn(double least) {
    Random random = new Random(SplitMix64.hash(KEY, pairs()));
    long extreme = 1;
    for (int draw = 0; draw < DRAWN; draw++) {
      double sum = 0;
      for (double difference : differences) {
        sum += random.nextBoolean() ? difference : -difference;
      }
      if (Math.abs(sum) >= least) {
        extreme++;
      }
    }
    return extreme / (DRAWN + 1.0);
  }

  /**
   * Pairs with which a paired t-test at the two-sided level of 5 % finds a difference of this mean
   * and spread with the probability {@value #POWER}: the least n with {@code n >= ((t_{0.975, n-1}
   * + t_{0.8, n-1}) deviation / mean)^2}, and no fewer than {@value #FEWEST_FOR_AN_INTERVAL}. None
   * where the mean is 0 or a million pairs are not enough. The spread of a few pairs is itself
   * uncertain, and so is this number.
   */
  public OptionalLong pairsNeeded() {
    double ratio = deviation / Math.abs(mean);
    if (Double.isNaN(ratio) || !enough(MOST_PAIRS, ratio)) {
      return OptionalLong.empty();
    }
    long low = FEWEST_FOR_AN_INTERVAL - 1;
    long high = MOST_PAIRS;
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (enough(middle, ratio)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalLong.of(high);
  }

  private static boolean enough(long n, double ratio) {
    double t = quantile((1 + LEVEL) / 2, n) + quantile(POWER, n);
    return n >= t * t * ratio * ratio;
  }

  /** Quantile of Student's distribution with n - 1 degrees of freedom. */
  private static double quantile(double p, long n) {
    return new TDistribution(null, n - 1.0).inverseCumulativeProbability(p);
  }
}
