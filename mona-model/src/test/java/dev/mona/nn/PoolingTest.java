package dev.mona.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class PoolingTest {
  private static void assertMeans(INDArray pooled, INDArray tokens, int length, int[] lengths) {
    for (int i = 0; i < lengths.length; i++) {
      for (int w = 0; w < tokens.size(1); w++) {
        double sum = 0;
        for (int t = 0; t < lengths[i]; t++) {
          sum += tokens.getDouble((long) i * length + t, w);
        }
        assertThat(pooled.getDouble(i, w)).isCloseTo(sum / lengths[i], within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7})
  void isTheMeanOverAllTokens(int length) {
    INDArray tokens = DerivativeCheck.gaussian(new Random(1), 3L * length, 5);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      INDArray pooled = Pooling.mean(tape, tape.leaf(tokens), length).value();
      assertThat(pooled.shape()).containsExactly(3, 5);
      assertMeans(pooled, tokens, length, new int[] {length, length, length});
    }
  }

  @Test
  void leavesOutWhatLiesBeyondTheLength() {
    INDArray tokens = DerivativeCheck.gaussian(new Random(2), 3 * 4, 5);
    int[] lengths = {4, 1, 3};
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      assertMeans(Pooling.mean(tape, tape.leaf(tokens), 4, lengths).value(), tokens, 4, lengths);
    }
  }

  @Test
  void derivativesAgreeWithFiniteDifferences() {
    DerivativeCheck.check(
        "pooling",
        3,
        1e-6,
        (tape, leaves) -> Pooling.mean(tape, leaves.get(0), 4, new int[] {4, 1, 3}),
        DerivativeCheck.gaussian(new Random(3), 3 * 4, 5));
  }
}
