package dev.mona.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Ids and strata in arrays, which count what the search for ranks is given of them. */
final class ArrayPopulation implements StratifiedSplit.Population {
  private final long[] ids;
  private final int[] strata;
  private final int[] sizes;

  /** The most numbers that one answer had. */
  int largestAnswer;

  /** Times that all ids were looked at. */
  int passes;

  ArrayPopulation(long[] ids, int[] strata, int classes) {
    this.ids = ids;
    this.strata = strata;
    sizes = new int[classes];
    Arrays.stream(strata).forEach(s -> sizes[s]++);
  }

  StratifiedSplit.Strata sized() {
    return new StratifiedSplit.Strata(this, sizes);
  }

  /** Those that a choice takes, ascending. */
  long[] chosen(Choice choice) {
    return IntStream.range(0, ids.length)
        .filter(i -> choice.takes(strata[i], ids[i]))
        .mapToLong(i -> ids[i])
        .sorted()
        .toArray();
  }

  /** The split by thresholds, with its samples by name. */
  RankedSplit.Result split(double fraction, int limit, long seed) {
    StratifiedSplit.Result result = StratifiedSplit.split(sized(), fraction, limit, seed);
    long[] train = result.train().size() == 0 ? new long[0] : chosen(result.train().choice());
    long[] validation =
        result.validation().size() == 0 ? new long[0] : chosen(result.validation().choice());
    if (train.length != result.train().size() || validation.length != result.validation().size()) {
      throw new AssertionError(result + " chooses " + train.length + " and " + validation.length);
    }
    return new RankedSplit.Result(train, validation);
  }

  @Override
  public RankSearch.Keys keys(Choice among, SampleKey key) {
    return new RankSearch.Keys() {
      @Override
      public long[] count(RankSearch.Cells cells) {
        long[] counts = new long[cells.size()];
        inside(among, key, cells).forEach(i -> counts[cells.of(strata[i], key.of(ids[i]))]++);
        answered(counts.length);
        return counts;
      }

      @Override
      public List<RankSearch.Found> within(RankSearch.Cells cells) {
        int[] at = inside(among, key, cells).toArray();
        answered(at.length);
        return List.of(
            new RankSearch.Found(
                Arrays.stream(at).map(i -> strata[i]).toArray(),
                Arrays.stream(at).mapToLong(i -> key.of(ids[i])).toArray()));
      }
    };
  }

  private void answered(int numbers) {
    largestAnswer = Math.max(largestAnswer, numbers);
    passes++;
  }

  private IntStream inside(Choice among, SampleKey key, RankSearch.Cells cells) {
    return IntStream.range(0, ids.length)
        .filter(i -> among.takes(strata[i], ids[i]))
        .filter(i -> cells.contain(strata[i], key.of(ids[i])));
  }
}
