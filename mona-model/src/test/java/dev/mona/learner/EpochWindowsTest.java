package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.random.SplitMix64;
import dev.mona.task.BlockIndex;
import dev.mona.task.BlockLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpochWindowsTest {
  private static final long SEED = 17;

  private static EpochWindows windows(int blocks, int atOnce, int epoch) {
    int[] sizes = IntStream.range(0, blocks).map(b -> 1 + b % 3).toArray();
    return new EpochWindows(
        SEED, Stage.FINETUNING, epoch, new ManySamples(sizes, 1, atOnce).index());
  }

  private static List<Integer> visited(EpochWindows windows) {
    List<Integer> blocks = new ArrayList<>();
    for (int w = 0; w < windows.count(); w++) {
      for (int block : windows.blocks(w)) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 8, 1", "7, 8, 1", "8, 8, 1", "9, 8, 2", "17, 8, 3", "100, 1, 100"})
  void everyBlockIsInOneWindow(int blocks, int atOnce, int count) {
    EpochWindows windows = windows(blocks, atOnce, 2);
    assertThat(windows.count()).isEqualTo(count);
    assertThat(visited(windows))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, blocks).boxed().toList());
    int place = 0;
    for (int w = 0; w < count; w++) {
      int least = blocks / count;
      assertThat(windows.blocks(w).length).isBetween(least, Math.min(atOnce, least + 1));
      assertThat(windows.start(w)).isEqualTo(place);
      int samples = IntStream.of(windows.blocks(w)).map(b -> 1 + b % 3).sum();
      for (int end = place + samples; place < end; place++) {
        assertThat(windows.at(place)).isEqualTo(w);
      }
      assertThat(windows.end(w)).isEqualTo(place);
    }
  }

  @Test
  void blocksAreOrderedByTheHashOfTheirFirstId() {
    ManySamples samples = new ManySamples(IntStream.generate(() -> 4).limit(50).toArray(), 1, 6);
    for (int epoch = 0; epoch < 3; epoch++) {
      long prefix = SplitMix64.hash(SEED, 7, 1, epoch);
      assertThat(visited(new EpochWindows(SEED, Stage.ALIGNMENT, epoch, samples.index())))
          .containsExactlyElementsOf(
              IntStream.range(0, 50)
                  .boxed()
                  .sorted(
                      Comparator.comparingLong(b -> SplitMix64.then(prefix, samples.firstId(b))))
                  .toList());
    }
  }

  @Test
  void differsByEpochStageAndSeed() {
    int[] sizes = IntStream.generate(() -> 2).limit(40).toArray();
    BlockIndex index = new ManySamples(sizes, 1, 1).index();
    List<Integer> order = visited(new EpochWindows(SEED, Stage.WARMUP, 0, index));
    assertThat(visited(new EpochWindows(SEED, Stage.WARMUP, 0, index))).isEqualTo(order);
    assertThat(visited(new EpochWindows(SEED, Stage.WARMUP, 1, index))).isNotEqualTo(order);
    assertThat(visited(new EpochWindows(SEED, Stage.FINETUNING, 0, index))).isNotEqualTo(order);
    assertThat(visited(new EpochWindows(SEED + 1, Stage.WARMUP, 0, index))).isNotEqualTo(order);
  }

  @Test
  void aBlockWithoutSamplesIsNotVisited() {
    BlockIndex index = new BlockIndex(new int[] {2, 0, 3}, new long[] {5, 0, 9}, 1);
    assertThat(visited(new EpochWindows(SEED, Stage.WARMUP, 0, index)))
        .containsExactlyInAnyOrder(0, 2);
    BlockIndex none = new BlockIndex(new int[] {0}, new long[] {0}, 1);
    assertThat(new EpochWindows(SEED, Stage.WARMUP, 0, none).count()).isZero();
  }

  /** 2,765 samples of 57 x 128 x 128 features and 128 x 128 labels: 2.6 billion values. */
  @Test
  void limitsCutASetOfMoreValuesThanAnArrayTakes() {
    int values = 58 * 128 * 128;
    BlockLimits limits = BlockLimits.DEFAULT;
    assertThat(limits.blocks(2765, 1, values)).isEqualTo(79); // 35 samples in 2^25 values
    assertThat(limits.blocks(2765, 4, values)).isEqualTo(20);
    assertThat(limits.atOnce(35, values)).isEqualTo(8);
    assertThat(limits.samplesAtOnce(2765, 1, values)).isEqualTo(280);
    assertThat(limits.samplesAtOnce(2765, 16, values)).isEqualTo(173);
    // 10 million samples of 46 values and a label
    assertThat(limits.blocks(10_000_000, 1, 47)).isEqualTo(15);
    assertThat(limits.blocks(10_000_000, 16, 47)).isEqualTo(1);
    // samples that are larger than a block, and than a window
    assertThat(limits.blocks(5, 2, 1 << 26)).isEqualTo(2);
    assertThat(limits.atOnce(2, 1 << 26)).isEqualTo(2);
    assertThat(limits.atOnce(1, 1 << 29)).isEqualTo(1);
    assertThat(limits.blocks(Integer.MAX_VALUE, 1, 1 << 25)).isEqualTo(Integer.MAX_VALUE);
  }
}
