package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.random.SplitMix64;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds against ranking all ids in one place, and what the search is given on the way. */
class RankSearchTest {
  private static final int MANY = 2_000_000;

  /** Two million ids: what comes back in one answer is bounded, and is not a tenth of them. */
  @ParameterizedTest
  @CsvSource({"1, 3", "3, 3", "1000, 3", "65536, 5"})
  void theSamplesOfTwoMillionIdsAreChosenFromFewNumbers(int classes, int passes) {
    long[] ids = LongStream.range(0, MANY).map(i -> 5 * i - MANY).toArray();
    // class 0 has half of them
    int[] strata =
        IntStream.range(0, MANY)
            .map(i -> i % 2 == 0 ? 0 : Math.floorMod(SplitMix64.mix(i), classes))
            .toArray();
    for (int c = 0; c < classes; c++) {
      strata[2 * c + 1] = c;
    }
    ArrayPopulation population = new ArrayPopulation(ids, strata, classes);
    StratifiedSplit.Result result = StratifiedSplit.split(population.sized(), 0.3, 0, 7);
    assertThat(population.largestAnswer)
        .isLessThanOrEqualTo(Math.max(RankSearch.FEW, 4 * RankSearch.CELLS));
    assertThat(population.passes).isLessThanOrEqualTo(passes);
    assertThat(population.chosen(result.validation().choice()))
        .isEqualTo(RankedSplit.split(ids, strata, classes, 0.3, 0, 7).validation());
  }

  /** Ids themselves as keys: far from even, so that cells have to be looked at again and again. */
  @Test
  void keysMayLieAnywhere() {
    long[] ids =
        LongStream.concat(
                LongStream.of(Long.MIN_VALUE, Long.MAX_VALUE),
                LongStream.range(-RankSearch.FEW, RankSearch.FEW))
            .toArray();
    ArrayPopulation population = new ArrayPopulation(ids, new int[ids.length], 1);
    RankSearch.Keys keys = population.keys(Choice.ALL, SampleKey.ID);
    for (int taken : new int[] {1, 2, 3, RankSearch.FEW + 1, ids.length - 1}) {
      long[] last = RankSearch.last(keys, new int[] {ids.length}, new int[] {taken});
      assertThat(last).containsExactly(Arrays.stream(ids).sorted().toArray()[taken - 1]);
    }
    assertThat(population.largestAnswer).isLessThanOrEqualTo(RankSearch.FEW);
    assertThat(RankSearch.last(keys, new int[] {ids.length}, new int[] {ids.length}))
        .containsExactly(Long.MAX_VALUE);
  }

  @Test
  void dataThatChangeAreNoticed() {
    ArrayPopulation population =
        new ArrayPopulation(LongStream.range(0, 10).toArray(), new int[10], 1);
    RankSearch.Keys keys = population.keys(Choice.ALL, SampleKey.ID);
    for (int before : new int[] {9, 11}) {
      assertThatThrownBy(() -> RankSearch.last(keys, new int[] {before}, new int[] {3}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the data changed");
    }
  }

  @Test
  void foundKeysComeInAnyNumberOfParts() {
    RankSearch.Keys parts =
        new RankSearch.Keys() {
          @Override
          public long[] count(RankSearch.Cells cells) {
            throw new AssertionError("four keys are few");
          }

          @Override
          public List<RankSearch.Found> within(RankSearch.Cells cells) {
            return List.of(
                new RankSearch.Found(new int[] {1, 0}, new long[] {9, -4}),
                new RankSearch.Found(new int[0], new long[0]),
                new RankSearch.Found(new int[] {0, 1}, new long[] {7, -9}));
          }
        };
    assertThat(RankSearch.last(parts, new int[] {2, 2}, new int[] {1, 1})).containsExactly(-4, -9);
  }
}
