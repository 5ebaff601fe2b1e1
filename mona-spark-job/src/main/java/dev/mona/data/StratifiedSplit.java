package dev.mona.data;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses samples class by class. Within a class the samples are ranked by {@code hash(seed,
 * purpose, id)} and the first ones are taken: the choice is a pure function of the seed, the ids
 * and their classes, whatever the order in which they are read. It is held as thresholds on the
 * hash, which {@link RankSearch} finds where the ids are.
 */
final class StratifiedSplit {
  private static final long VALIDATION = 1;
  private static final long LIMIT = 2;

  /** The samples of a split, wherever they are. */
  interface Population {
    /** The keys of those that are chosen. */
    RankSearch.Keys keys(Choice among, SampleKey key);
  }

  /**
   * Samples of each class, or of all where there are no classes.
   *
   * @param population where they are
   * @param sizes of each stratum; none is 0 unless all are
   */
  record Strata(Population population, int[] sizes) {}

  /** Some samples and their number. */
  record Part(Choice choice, int size) {}

  /** The samples that are trained on, and those held out of train for validation. */
  record Result(Part train, Part validation) {}

  private StratifiedSplit() {}

  /**
   * Takes the validation split, then the limit.
   *
   * @param validationFraction part of each class to hold out, rounded to the nearest; at least one
   *     sample of each class stays in train
   * @param limit samples to train on at most; 0 for all
   */
  static Result split(Strata strata, double validationFraction, int limit, long seed) {
    int[] sizes = strata.sizes();
    int[] kept = kept(sizes, validationFraction);
    int[] held = new int[sizes.length];
    Arrays.setAll(held, c -> sizes[c] - kept[c]);
    Choice rest = Choice.ALL;
    Choice validation = Choice.ALL;
    SampleKey byHash = SampleKey.shuffled(seed, VALIDATION);
    if (sum(held) > 0) {
      Threshold out = threshold(strata.population(), Choice.ALL, byHash, sizes, held);
      rest = new Choice(out, null);
      validation = new Choice(null, out);
    }
    Part train = limited(strata.population(), new Part(rest, sum(kept)), kept, limit, seed);
    return new Result(train, new Part(validation, sum(held)));
  }

  /** Samples of each class that a validation split leaves. */
  static int[] kept(int[] sizes, double validationFraction) {
    int[] kept = new int[sizes.length];
    for (int c = 0; c < sizes.length; c++) {
      int most = Math.max(0, sizes[c] - 1);
      kept[c] = sizes[c] - (int) Math.min(Math.round(validationFraction * sizes[c]), most);
    }
    return kept;
  }

  /** A part of the samples, in proportion to their classes. */
  static Part limited(Strata strata, int limit, long seed) {
    return split(strata, 0, limit, seed).train();
  }

  private static Part limited(Population population, Part all, int[] sizes, int limit, long seed) {
    if (limit == 0 || limit >= all.size()) {
      return all;
    }
    SampleKey byHash = SampleKey.shuffled(seed, LIMIT);
    int[] quotas = quotas(sizes, limit);
    Threshold in = threshold(population, all.choice(), byHash, sizes, quotas);
    return new Part(new Choice(all.choice().outside(), in), limit);
  }

  private static Threshold threshold(
      Population population, Choice among, SampleKey key, int[] sizes, int[] taken) {
    return new Threshold(key, taken, RankSearch.last(population.keys(among, key), sizes, taken));
  }

  /**
   * Divides a limit in proportion to class sizes by largest remainders, each class getting at least
   * one. Ties go to the lower class.
   */
  static int[] quotas(int[] sizes, int limit) {
    if (limit < sizes.length) {
      throw MonaException.data(
          "train samples are limited to "
              + limit
              + " and there are "
              + sizes.length
              + " classes: allow at least one of each");
    }
    long total = Arrays.stream(sizes).asLongStream().sum();
    int[] quotas = new int[sizes.length];
    for (int c = 0; c < sizes.length; c++) {
      quotas[c] = Math.max(1, (int) ((long) sizes[c] * limit / total));
    }
    int sum = Arrays.stream(quotas).sum();
    // exact share minus quota, times total: whom one more or one less brings nearest to its share
    Comparator<Integer> byShortage =
        Comparator.comparingLong(c -> (long) quotas[c] * total - (long) sizes[c] * limit);
    List<Integer> classes = new ArrayList<>();
    for (int c = 0; c < sizes.length; c++) {
      classes.add(c);
    }
    for (; sum < limit; sum++) {
      int c = classes.stream().filter(k -> quotas[k] < sizes[k]).min(byShortage).orElseThrow();
      quotas[c]++;
    }
    for (; sum > limit; sum--) {
      int c = classes.stream().filter(k -> quotas[k] > 1).max(byShortage).orElseThrow();
      quotas[c]--;
    }
    return quotas;
  }

  static int sum(int[] counts) {
    return Math.toIntExact(Arrays.stream(counts).asLongStream().sum());
  }
}
