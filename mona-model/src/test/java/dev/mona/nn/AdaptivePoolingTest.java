package dev.mona.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptivePoolingTest {
  private static double[] pooled(int outputs, double... x) {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      AdaptivePooling pooling = new AdaptivePooling(x.length, outputs);
      Variable row = DerivativeCheck.leaf(tape, new Values(x, 1, x.length));
      return Values.of(pooling.apply(tape, row).value()).flat();
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
    double[] x = Values.gaussian(new Random(1), inputs).flat();
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
