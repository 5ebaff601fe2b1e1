package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.task.BlockIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BesideTest {
  private static EpochWindows windows(int atOnce, int... sizes) {
    long[] firstIds = IntStream.range(0, sizes.length).mapToLong(b -> 1000L * b).toArray();
    return new EpochWindows(5, Stage.ALIGNMENT, 0, new BlockIndex(sizes, firstIds, atOnce));
  }

  private static List<Integer> places(Beside beside) {
    List<Integer> places = new ArrayList<>();
    int at = beside.from();
    for (int i = 0; i < beside.count(); i++) {
      at = at == beside.end() ? beside.start() : at;
      places.add(at++);
    }
    return places;
  }

  @Test
  void batchesFollowTheirOwnAndGoOnAtTheStart() {
    EpochWindows windows = windows(1, 22);
    assertThat(Beside.of(windows, 4, 8, 4, 2))
        .containsExactly(new Beside(8, 4, 0, 22), new Beside(12, 4, 0, 22));
    assertThat(Beside.of(windows, 16, 20, 4, 2))
        .extracting(BesideTest::places)
        .containsExactly(List.of(20, 21, 0, 1), List.of(2, 3, 4, 5));
    assertThat(Beside.of(windows, 20, 22, 4, 1))
        .extracting(BesideTest::places)
        .containsExactly(List.of(0, 1, 2, 3));
  }

  @Test
  void aSmallPartitionHasASmallerLastOne() {
    EpochWindows windows = windows(1, 10);
    assertThat(Beside.of(windows, 0, 4, 4, 2))
        .extracting(BesideTest::places)
        .containsExactly(List.of(4, 5, 6, 7), List.of(8, 9));
    assertThatThrownBy(() -> Beside.of(windows, 0, 4, 4, 3))
        .hasMessage(
            "a partition of 10 samples has 6 beside a batch of 4, too few for 3 more of 4: use"
                + " smaller batches or fewer partitions");
    assertThatThrownBy(() -> Beside.of(windows, 0, 10, 10, 1)).hasMessageContaining("has 0 beside");
  }

  /**
   * Whatever the windows: as many as asked for, apart from each other, in memory where they fit.
   */
  @Test
  void noSampleIsInTwoBatches() {
    Random random = new Random(8);
    for (int round = 0; round < 500; round++) {
      int[] sizes = IntStream.generate(() -> 1 + random.nextInt(30)).limit(8).toArray();
      EpochWindows windows = windows(1 + random.nextInt(8), sizes);
      int all = Arrays.stream(sizes).sum();
      int size = 1 + random.nextInt(6);
      int batches = 1 + random.nextInt(3);
      if (all <= size * (batches + 1)) {
        continue;
      }
      int from = random.nextInt(all - 1);
      int to = Math.min(all, from + size);
      List<Integer> places = new ArrayList<>(IntStream.range(from, to).boxed().toList());
      List<Beside> beside = Beside.of(windows, from, to, size, batches);
      assertThat(beside).hasSize(batches);
      beside.forEach(each -> places.addAll(places(each)));
      assertThat(places)
          .hasSize(to - from + batches * size)
          .doesNotHaveDuplicates()
          .allMatch(place -> place >= 0 && place < all);
      int window = windows.at(to - 1);
      int own = to - Math.max(from, windows.start(window));
      if (windows.end(window) - windows.start(window) - own >= batches * size) {
        assertThat(places.subList(to - from, places.size()))
            .allMatch(place -> windows.at(place) == window);
      }
    }
  }
}
