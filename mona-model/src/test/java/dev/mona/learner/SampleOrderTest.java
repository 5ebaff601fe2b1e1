package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.random.SplitMix64;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleOrderTest {
  private static final long SEED = 17;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 7, 17, 33, 1000})
  void isAPermutation(int n) {
    int[] order =
        SampleOrder.order(SEED, Stage.WARMUP, 0, LongStream.range(100, 100 + n).toArray());
    assertThat(Arrays.stream(order).sorted()).containsExactlyElementsOf(range(n));
  }

  @Test
  void doesNotDependOnTheOrderOfTheIds() {
    long[] ids = LongStream.range(0, 257).map(i -> i * i - 40).toArray();
    long[] reversed = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      reversed[i] = ids[ids.length - 1 - i];
    }
    assertThat(visited(ids, 3, Stage.FINETUNING))
        .containsExactly(visited(reversed, 3, Stage.FINETUNING));
  }

  @Test
  void theRestOfTheSamplesDoesNotReorderASubset() {
    long[] all = LongStream.range(0, 100).toArray();
    long[] even = LongStream.range(0, 50).map(i -> 2 * i).toArray();
    assertThat(Arrays.stream(visited(all, 0, Stage.ALIGNMENT)).filter(id -> id % 2 == 0).toArray())
        .containsExactly(visited(even, 0, Stage.ALIGNMENT));
  }

  /** So many that some hashes agree in all the bits that are sorted first. */
  @Test
  void isTheOrderOfTheWholeHash() {
    long[] ids = LongStream.range(0, 300_000).map(i -> 7 * i - 900_000).toArray();
    long prefix = SplitMix64.hash(SEED, 2, 5);
    long alike =
        ids.length
            - Arrays.stream(ids).map(id -> SplitMix64.then(prefix, id) >> 31).distinct().count();
    assertThat(alike).isPositive();
    assertThat(visited(ids, 5, Stage.FINETUNING))
        .containsExactly(
            Arrays.stream(ids)
                .boxed()
                .sorted(Comparator.comparingLong(id -> SplitMix64.then(prefix, id)))
                .mapToLong(Long::longValue)
                .toArray());
  }

  @Test
  void differsByEpochStageAndSeed() {
    long[] ids = LongStream.range(0, 100).toArray();
    int[] order = SampleOrder.order(SEED, Stage.WARMUP, 0, ids);
    assertThat(order).containsExactly(SampleOrder.order(SEED, Stage.WARMUP, 0, ids));
    assertThat(SampleOrder.order(SEED, Stage.WARMUP, 1, ids)).isNotEqualTo(order);
    assertThat(SampleOrder.order(SEED, Stage.FINETUNING, 0, ids)).isNotEqualTo(order);
    assertThat(SampleOrder.order(SEED + 1, Stage.WARMUP, 0, ids)).isNotEqualTo(order);
  }

  @Test
  void everySampleComesFirstAboutEquallyOften() {
    int n = 5;
    int epochs = 10_000;
    int[] first = new int[n];
    for (int epoch = 0; epoch < epochs; epoch++) {
      first[SampleOrder.order(SEED, Stage.WARMUP, epoch, new long[] {0, 1, 2, 3, 4})[0]]++;
    }
    // 5 standard deviations of a binomial(10000, 1/5) are 200
    assertThat(Arrays.stream(first).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(1800, 2200));
  }

  private static long[] visited(long[] ids, int epoch, Stage stage) {
    return Arrays.stream(SampleOrder.order(SEED, stage, epoch, ids))
        .mapToLong(i -> ids[i])
        .toArray();
  }

  private static Iterable<Integer> range(int n) {
    return IntStream.range(0, n).boxed().toList();
  }
}
