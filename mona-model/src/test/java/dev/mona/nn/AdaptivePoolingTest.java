package dev.mona.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AdaptivePoolingTest {
  private static double[] pooled(int outputs, double... x) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      INDArray row = Nd4j.createFromArray(x).reshape('c', 1, x.length);
      AdaptivePooling pooling = new AdaptivePooling(x.length, outputs);
      return pooling.apply(tape, tape.leaf(row)).value().toDoubleVector();
    }
  }

  /** Values of torch.nn.functional.adaptive_avg_pool1d. */
  @Test
  void agreesWithPyTorch() {
    assertThat(pooled(3, 1, 2, 4, 8, 16))
        .containsExactly(new double[] {1.5, 14.0 / 3, 12}, within(1e-6));
    assertThat(pooled(2, 1, 2, 4)).containsExactly(new double[] {1.5, 3}, within(1e-6));
    assertThat(pooled(5, 1, 2, 4)).containsExactly(new double[] {1, 1.5, 2, 3, 4}, within(1e-6));
    assertThat(pooled(1, 1, 2, 6)).containsExactly(new double[] {3}, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"224, 85", "64, 16", "64, 60", "224, 512", "768, 24", "3, 1", "7, 7", "1, 5"})
  void isTheMeanOfItsWindow(int inputs, int outputs) {
    double[] x = DerivativeCheck.gaussian(new Random(1), inputs).toDoubleVector();
    double[] pooled = pooled(outputs, x);
    assertThat(pooled).hasSize(outputs);
    for (int i = 0; i < outputs; i++) {
      int start = (int) Math.floor((double) i * inputs / outputs);
      int end = (int) Math.ceil((double) (i + 1) * inputs / outputs);
      double sum = 0;
      for (int j = start; j < end; j++) {
        sum += x[j];
      }
      assertThat(pooled[i]).as("output %d", i).isCloseTo(sum / (end - start), within(1e-6));
    }
  }

  @Test
  void derivativesAgreeWithFiniteDifferences() {
    DerivativeCheck.check(
        "adaptive pooling",
        2,
        1e-6,
        (tape, leaves) -> new AdaptivePooling(7, 3).apply(tape, leaves.get(0)),
        DerivativeCheck.gaussian(new Random(2), 4, 7));
  }
}
