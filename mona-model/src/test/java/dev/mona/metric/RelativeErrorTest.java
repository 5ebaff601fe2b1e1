package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.task.Loss;
import org.junit.jupiter.api.Test;

class RelativeErrorTest {
  private static double value(int length, float[] predictions, float... labels) {
    Accumulator accumulator = new RelativeError(MetricKind.RELATIVE_L2, length).start();
    accumulator.add(predictions, labels, labels.length / length);
    return accumulator.value();
  }

  @Test
  void isTheMeanOfTheErrorsOverTheNorms() {
    // 1 / 5 and 13 / 10
    assertThat(value(2, new float[] {3, 5, 11, 20}, 3, 4, 6, 8))
        .isCloseTo((0.2 + 1.3) / 2, within(1e-15));
  }

  @Test
  void leavesOutASampleOfZeros() {
    assertThat(value(2, new float[] {3, 5, 7, 7}, 3, 4, 0, 0)).isCloseTo(0.2, within(1e-15));
    assertThat(value(2, new float[] {7, 7}, 0, 0)).isNaN();
    // as the loss
    assertThat(value(2, new float[] {3, 5, 7, 7}, 3, 4, 1e-20f, 0)).isCloseTo(0.2, within(1e-15));
  }

  @Test
  void isNaNForAPredictionThatIs() {
    assertThat(value(1, new float[] {Float.NaN, 1}, 2, 1)).isNaN();
    assertThat(value(1, new float[0])).isNaN();
  }

  @Test
  void isTheRootMeanSquareOverThatOfTheLabels() {
    Predictions p = Predictions.random(9, Predictions.field(5, Loss.NRMSE, 0), 7, 100);
    double sum = 0;
    for (int i = 0; i < 7; i++) {
      double errors = 0;
      double squares = 0;
      for (int k = 25 * i; k < 25 * (i + 1); k++) {
        errors += Math.pow((double) p.logits()[k] - p.labels()[k], 2) / 25;
        squares += Math.pow(p.labels()[k], 2) / 25;
      }
      sum += Math.sqrt(errors) / Math.sqrt(squares);
    }
    assertThat(p.value(MetricKind.NRMSE.of(p.task()))).isCloseTo(sum / 7, within(1e-9));
  }
}
