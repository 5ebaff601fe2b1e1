package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StratifiedSplitTest {
  private static final long[] IDS = LongStream.range(0, 100).map(i -> 3 * i).toArray();

  /** Classes of 60, 30 and 10 samples. */
  private static int[] strata(long[] ids) {
    return Arrays.stream(ids)
        .mapToInt(id -> id / 3 % 10 < 6 ? 0 : id / 3 % 10 < 9 ? 1 : 2)
        .toArray();
  }

  private static int[] counts(long[] ids) {
    int[] counts = new int[3];
    for (int stratum : strata(ids)) {
      counts[stratum]++;
    }
    return counts;
  }

  private static RankedSplit.Result split(double fraction, int limit, long seed) {
    return new ArrayPopulation(IDS, strata(IDS), 3).split(fraction, limit, seed);
  }

  /** Odd sizes, skewed classes, limits and fractions. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 0",
    "1, 1, 0.5, 1",
    "3, 2, 0.5, 0",
    "7, 3, 0.3, 4",
    "33, 1, 0.25, 17",
    "33, 7, 0.1, 7",
    "1001, 4, 0.2, 0",
    "1001, 4, 0.2, 333",
    "1001, 100, 0.01, 101",
    "1001, 1, 0.999, 1"
  })
  void choosesWhatRankingAllIdsChooses(int samples, int classes, double fraction, int limit) {
    long[] ids = LongStream.range(0, samples).map(i -> 1_000 - 7 * i).toArray();
    // half of the samples are of class 0, a quarter of class 1, and every class has one
    int[] strata =
        IntStream.range(0, samples)
            .map(i -> i < classes ? i : Math.min(classes - 1, Integer.numberOfTrailingZeros(i)))
            .toArray();
    for (long seed : new long[] {0, 5, -1}) {
      RankedSplit.Result expected = RankedSplit.split(ids, strata, classes, fraction, limit, seed);
      RankedSplit.Result found =
          new ArrayPopulation(ids, strata, classes).split(fraction, limit, seed);
      assertThat(found.train()).as("seed " + seed).isEqualTo(expected.train());
      assertThat(found.validation()).as("seed " + seed).isEqualTo(expected.validation());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 17})
  void holdsOutTheFractionOfEachClass(long seed) {
    RankedSplit.Result result = split(0.2, 0, seed);
    assertThat(counts(result.validation())).containsExactly(12, 6, 2);
    assertThat(counts(result.train())).containsExactly(48, 24, 8);
    assertDisjoint(result);
    assertThat(result.train().length + result.validation().length).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 17})
  void theLimitIsTakenInProportionAfterTheValidationSplit(long seed) {
    RankedSplit.Result all = split(0.2, 0, seed);
    RankedSplit.Result limited = split(0.2, 20, seed);
    assertThat(limited.validation()).containsExactly(all.validation());
    assertThat(counts(limited.train())).containsExactly(12, 6, 2);
    assertThat(all.train()).contains(limited.train());
  }

  @Test
  void isAPureFunctionOfSeedAndIds() {
    long[] shuffled = IDS.clone();
    Random random = new Random(5);
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long swap = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = swap;
    }
    RankedSplit.Result straight = split(0.25, 40, 7);
    RankedSplit.Result other =
        new ArrayPopulation(shuffled, strata(shuffled), 3).split(0.25, 40, 7);
    assertThat(other.train()).containsExactly(straight.train());
    assertThat(other.validation()).containsExactly(straight.validation());
    assertThat(split(0.25, 40, 8).validation()).isNotEqualTo(straight.validation());
    assertThat(split(0.25, 40, 8).train()).isNotEqualTo(straight.train());
  }

  @Test
  void everyClassStaysInTrain() {
    RankedSplit.Result result =
        new ArrayPopulation(new long[] {1, 2, 3, 4}, new int[] {0, 0, 0, 1}, 2).split(0.99, 0, 3);
    assertThat(result.train()).hasSize(2).contains(4);
  }

  @Test
  void noFractionHoldsNothingOut() {
    assertThat(split(0, 0, 1).validation()).isEmpty();
    assertThat(split(0, 0, 1).train()).containsExactly(IDS);
  }

  @ParameterizedTest
  @CsvSource({"3", "4", "7", "50", "99", "100"})
  void quotasSumToTheLimitAndStayNearTheShare(int limit) {
    int[] sizes = {1, 79, 20};
    int[] quotas = StratifiedSplit.quotas(sizes, limit);
    assertThat(Arrays.stream(quotas).sum()).isEqualTo(limit);
    for (int c = 0; c < sizes.length; c++) {
      double share = sizes[c] * limit / 100.0;
      // a class lifted to 1 takes at most one from the others
      assertThat(quotas[c]).isBetween(1, sizes[c]);
      assertThat((double) quotas[c]).isBetween(share - 2, share + 1);
    }
  }

  @Test
  void quotasByLargestRemainder() {
    // shares 4.2, 3.5, 2.3: the half gets the one that is left
    assertThat(StratifiedSplit.quotas(new int[] {42, 35, 23}, 10)).containsExactly(4, 4, 2);
    // many classes lifted to 1 are paid for by the large one
    assertThat(StratifiedSplit.quotas(new int[] {97, 1, 1, 1}, 5)).containsExactly(2, 1, 1, 1);
  }

  @Test
  void refusesALimitBelowOneOfEachClass() {
    assertThatThrownBy(() -> split(0.2, 2, 1))
        .isInstanceOf(MonaException.class)
        .hasMessage(
            "train samples are limited to 2 and there are 3 classes: allow at least one of each");
  }

  @Test
  void refusesImpossibleOptions() {
    for (double fraction : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new SplitOptions(1, fraction, 0, 0))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("validation fraction must be from 0 to below 1, is " + fraction);
    }
    for (double fraction : new double[] {0, -0.1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new SplitOptions(1, 0, 0, fraction, 0))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("train fraction");
    }
    assertThatThrownBy(() -> new SplitOptions(1, 0, -1, 0)).isInstanceOf(MonaException.class);
    assertThatThrownBy(() -> new SplitOptions(1, 0, 0, -1)).isInstanceOf(MonaException.class);
  }

  private static void assertDisjoint(RankedSplit.Result result) {
    Set<Long> train = new HashSet<>();
    Arrays.stream(result.train()).forEach(train::add);
    assertThat(Arrays.stream(result.validation()).boxed()).doesNotContainAnyElementsOf(train);
  }

  /** 239 samples of 3 classes are left to train on. */
  @Test
  void aFractionIsOfTheSamplesThatWouldBeTrainedOn() {
    assertThat(new SplitOptions(1, 0, 0, 0.05, 0).limit(3, 239)).isEqualTo(12);
    assertThat(new SplitOptions(1, 0, 100, 0.05, 0).limit(3, 239)).isEqualTo(5);
    assertThat(new SplitOptions(1, 0, 500, 0.05, 0).limit(3, 239)).isEqualTo(12);
    assertThat(new SplitOptions(1, 0, 0, 0.001, 0).limit(3, 239)).isEqualTo(3);
    assertThat(new SplitOptions(1, 0, 0, 0.5, 0).limit(3, 0)).isZero();
    assertThat(new SplitOptions(1, 0, 100, 1, 0).limit(3, 239)).isEqualTo(100);
    assertThat(new SplitOptions(1, 0, 0, 1, 0).limit(3, 239)).isZero();
  }
}
