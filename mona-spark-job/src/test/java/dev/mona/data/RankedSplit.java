package dev.mona.data;

import dev.mona.random.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The choice of {@link StratifiedSplit} in plain arrays: all ids are ranked in one place.
 *
 * <p>Chooses samples class by class. Within a class the samples are ranked by {@code hash(seed,
 * purpose, id)} and the first ones are taken: the choice is a pure function of the seed, the ids
 * and their classes, whatever the order in which they are read.
 */
final class RankedSplit {
  private static final long VALIDATION = 1;
  private static final long LIMIT = 2;

  /**
   * Ids of the samples that are trained on and of those held out of train for validation, each
   * ascending.
   */
  record Result(long[] train, long[] validation) {}

  private RankedSplit() {}

  /**
   * Takes the validation split, then the limit.
   *
   * @param ids ids of train, distinct
   * @param strata class of each sample, {@code 0 .. classes - 1}; each class present unless there
   *     are no samples at all
   * @param validationFraction part of each class to hold out, rounded to the nearest; at least one
   *     sample of each class stays in train
   * @param limit samples to train on at most; 0 for all
   */
  static Result split(
      long[] ids, int[] strata, int classes, double validationFraction, int limit, long seed) {
    List<long[]> train = new ArrayList<>();
    List<long[]> validation = new ArrayList<>();
    for (long[] members : byClass(ids, strata, classes)) {
      long[] ranked = ranked(members, seed, VALIDATION);
      int most = Math.max(0, ranked.length - 1);
      int held = (int) Math.min(Math.round(validationFraction * ranked.length), most);
      validation.add(Arrays.copyOf(ranked, held));
      train.add(Arrays.copyOfRange(ranked, held, ranked.length));
    }
    int[] sizes = train.stream().mapToInt(members -> members.length).toArray();
    int total = Arrays.stream(sizes).sum();
    if (limit > 0 && limit < total) {
      int[] quotas = StratifiedSplit.quotas(sizes, limit);
      for (int c = 0; c < classes; c++) {
        train.set(c, Arrays.copyOf(ranked(train.get(c), seed, LIMIT), quotas[c]));
      }
    }
    return new Result(sorted(train), sorted(validation));
  }

  private static List<long[]> byClass(long[] ids, int[] strata, int classes) {
    int[] counts = new int[classes];
    for (int stratum : strata) {
      counts[stratum]++;
    }
    List<long[]> members = new ArrayList<>();
    for (int count : counts) {
      members.add(new long[count]);
    }
    for (int i = 0; i < ids.length; i++) {
      members.get(strata[i])[--counts[strata[i]]] = ids[i];
    }
    return members;
  }

  private static long[] ranked(long[] ids, long seed, long purpose) {
    long prefix = SplitMix64.hash(seed, purpose);
    return Arrays.stream(ids)
        .boxed()
        .sorted(Comparator.comparingLong(id -> SplitMix64.then(prefix, id)))
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static long[] sorted(List<long[]> parts) {
    return parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
  }
}
