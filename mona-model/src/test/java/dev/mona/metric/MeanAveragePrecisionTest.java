package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.task.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanAveragePrecisionTest {

  private static double single(float[] logits, float... labels) {
    Accumulator accumulator = new MeanAveragePrecision(TaskKind.MULTI_LABEL, 1).start();
    accumulator.add(logits, labels, labels.length);
    return accumulator.value();
  }

  @Test
  void averagesPrecisionAtThePositives() {
    // Positives at ranks 1 and 3: (1 + 2/3) / 2.
    assertThat(single(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 0, 0, 1, 1))
        .isCloseTo(1 - 5.0 / 6, within(1e-15));
    assertThat(single(new float[] {4, 3, 2, 1}, 1, 1, 0, 0)).isZero();
    assertThat(single(new float[] {4, 3, 2, 1}, 0, 0, 0, 1)).isEqualTo(0.75);
  }

  @Test
  void givesTiedSamplesOneThreshold() {
    assertThat(single(new float[] {1, 1, 1, 1}, 1, 0, 0, 0)).isEqualTo(0.75);
    assertThat(single(new float[] {1, 1, 1, 1}, 0, 0, 0, 1)).isEqualTo(0.75);
  }

  @Test
  void isNaNWithoutPositivesAndZeroWithoutNegatives() {
    assertThat(single(new float[0])).isNaN();
    assertThat(single(new float[] {1, 2}, 0, 0)).isNaN();
    assertThat(single(new float[] {1, Float.NaN}, 1, 1)).isNaN();
    assertThat(single(new float[] {1, 2}, 1, 1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "MULTI_LABEL, 150, 5, 4",
    "MULTI_LABEL, 33, 7, 1000000",
    "CLASSIFICATION, 150, 3, 3",
    "CLASSIFICATION, 40, 17, 9"
  })
  void agreesWithPrecisionAtEachPositiveByDefinition(
      TaskKind kind, int n, int outputs, int levels) {
    for (long seed = 1; seed <= 10; seed++) {
      Predictions p = Predictions.random(seed, kind, n, outputs, levels);
      double sum = 0;
      int defined = 0;
      for (int c = 0; c < outputs; c++) {
        double precisions = 0;
        int positives = 0;
        for (int i = 0; i < n; i++) {
          if (p.positive(i, c)) {
            double retrieved = 0;
            double hits = 0;
            for (int j = 0; j < n; j++) {
              if (p.score(j, c) >= p.score(i, c)) {
                retrieved++;
                hits += p.positive(j, c) ? 1 : 0;
              }
            }
            precisions += hits / retrieved;
            positives++;
          }
        }
        if (positives > 0) {
          sum += precisions / positives;
          defined++;
        }
      }
      assertThat(p.value(new MeanAveragePrecision(kind, outputs)))
          .as("seed %d", seed)
          .isCloseTo(1 - sum / defined, within(1e-12));
    }
  }
}
