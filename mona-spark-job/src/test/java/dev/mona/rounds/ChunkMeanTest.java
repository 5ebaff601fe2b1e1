package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkMeanTest {

  @Test
  void weighsByExamples() {
    ChunkMean mean = new ChunkMean();
    mean.add(new Contribution.Chunk(2, 1, new float[] {1, -3}));
    mean.add(new Contribution.Chunk(2, 3, new float[] {2, 1}));
    Contribution.Chunk taken = mean.take();
    assertThat(taken.values()).containsExactly(1.75f, 0f);
    assertThat(taken.examples()).isEqualTo(4);
    assertThat(taken.chunk()).isEqualTo(2);
    assertThat(mean.isEmpty()).isTrue();
  }

  /** Any float, also those that a sum from zero or a product in float would change. */
  @Test
  void meanOfOneIsItselfBitForBit() {
    long seed = 5;
    Random random = new Random(seed);
    for (long weight : new long[] {1, 3, 7, 510, 1_000_003, (1L << 31) + 1, (1L << 40) + 3}) {
      float[] values = new float[1000];
      for (int i = 0; i < values.length; i++) {
        float any = Float.intBitsToFloat(random.nextInt());
        values[i] = Float.isNaN(any) ? -0f : any;
      }
      values[0] = -0f;
      values[1] = Float.MIN_VALUE;
      values[2] = Float.MAX_VALUE;
      ChunkMean mean = new ChunkMean();
      mean.add(new Contribution.Chunk(0, weight, values));
      float[] result = mean.take().values();
      for (int i = 0; i < values.length; i++) {
        assertThat(Float.floatToRawIntBits(result[i]))
            .as("seed %d, weight %d, value %s", seed, weight, values[i])
            .isEqualTo(Float.floatToRawIntBits(values[i]));
      }
    }
  }

  /** Float sums of these would lose every small contribution. */
  @Test
  void sumsInDouble() {
    ChunkMean mean = new ChunkMean();
    mean.add(new Contribution.Chunk(0, 1, new float[] {1e8f}));
    for (int i = 0; i < 3; i++) {
      mean.add(new Contribution.Chunk(0, 1, new float[] {1f}));
    }
    assertThat(mean.take().values()[0]).isEqualTo((float) ((1e8 + 3) / 4));
  }

  @Test
  void refusesWhatDoesNotFit() {
    ChunkMean mean = new ChunkMean();
    assertThatThrownBy(mean::take).isInstanceOf(IllegalStateException.class);
    mean.add(new Contribution.Chunk(0, 1, new float[2]));
    assertThatThrownBy(() -> mean.add(new Contribution.Chunk(0, 1, new float[3])))
        .hasMessageContaining("does not fit");
    assertThatThrownBy(() -> mean.add(new Contribution.Chunk(1, 1, new float[2])))
        .hasMessageContaining("does not fit");
    assertThatThrownBy(() -> mean.add(new Contribution.Chunk(0, 0, new float[2])))
        .hasMessageContaining("weight is 0");
  }
}
