package dev.mona.dl4jspark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.task.SampleBlock;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class BlockDataSetTest {

  /** Ids beyond 2^53 would not survive a floating-point array. */
  @Test
  void unpackGivesBackWhatWasPacked() {
    SampleBlock block =
        new SampleBlock(
            new long[] {Long.MIN_VALUE, (1L << 53) + 1, Long.MAX_VALUE},
            new float[] {1, 2, 3, -0f, 5, 6},
            new float[] {0, 1, 2});
    assertThat(BlockDataSet.unpack(BlockDataSet.pack(block))).isEqualTo(block);
    SampleBlock one = new SampleBlock(new long[] {9}, new float[] {4}, new float[] {1, 0, 1});
    assertThat(BlockDataSet.unpack(BlockDataSet.pack(one))).isEqualTo(one);
  }

  @Test
  void refusesOtherDataSets() {
    assertThatThrownBy(
            () -> BlockDataSet.unpack(new MultiDataSet(Nd4j.ones(2, 2), Nd4j.ones(2, 1))))
        .hasMessageContaining("LONG ids");
    assertThatThrownBy(
            () -> BlockDataSet.pack(new SampleBlock(new long[0], new float[0], new float[0])))
        .hasMessageContaining("without samples");
  }
}
