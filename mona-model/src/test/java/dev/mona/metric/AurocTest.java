package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AurocTest {

  private static double single(float[] logits, float... labels) {
    Accumulator accumulator = new Auroc(TaskKind.MULTI_LABEL, 1).start();
    accumulator.add(logits, labels, labels.length);
    return accumulator.value();
  }

  @Test
  void countsOrderedPairs() {
    // 3 of the 4 pairs are in order.
    assertThat(single(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 0, 0, 1, 1)).isEqualTo(0.25);
    assertThat(single(new float[] {-3, -2, 2, 5}, 0, 0, 1, 1)).isZero();
    assertThat(single(new float[] {-3, -2, 2, 5}, 1, 1, 0, 0)).isEqualTo(1);
  }

  @Test
  void countsATieAsHalfWhateverTheOrder() {
    assertThat(single(new float[] {2, 2, 2, 2, 2}, 0, 0, 1, 1, 1)).isEqualTo(0.5);
    assertThat(single(new float[] {2, 2, 2, 2, 2}, 1, 1, 1, 0, 0)).isEqualTo(0.5);
    assertThat(single(new float[] {0f, -0f}, 1, 0)).isEqualTo(0.5);
  }

  @Test
  void isNaNWhereTheAreaIsUndefined() {
    assertThat(single(new float[0])).isNaN();
    assertThat(single(new float[] {1, 2}, 1, 1)).isNaN();
    assertThat(single(new float[] {1, 2}, 0, 0)).isNaN();
    assertThat(single(new float[] {1, Float.NaN, 2}, 0, 1, 1)).isNaN();
  }

  @Test
  void leavesOutALabelWithOneClassOnly() {
    Accumulator accumulator = new Auroc(TaskKind.MULTI_LABEL, 2).start();
    accumulator.add(new float[] {1, 5, 2, 4, 3, 3}, new float[] {0, 1, 0, 1, 1, 1}, 3);
    assertThat(accumulator.value()).isZero();
  }

  @Test
  void ranksSaturatedProbabilities() {
    // Softmax rounds all of these to 1 or 0 in float; the ranking is still perfect.
    float[] logits = {200, 0, 150, 0, 100, 0, 90, 0};
    Accumulator accumulator = new Auroc(TaskKind.CLASSIFICATION, 2).start();
    accumulator.add(logits, new float[] {0, 0, 1, 1}, 4);
    assertThat(accumulator.value()).isZero();
  }

  @Test
  void isTheAreaUnderTheCurveWhereNothingIsTied() {
    Predictions p = Predictions.random(5, TaskKind.MULTI_LABEL, 200, 1, 1 << 24);
    Integer[] falling = new Integer[p.size()];
    Arrays.setAll(falling, i -> i);
    Arrays.sort(falling, Comparator.comparing(i -> -p.logit(i, 0)));
    double positives = IntStream.range(0, p.size()).filter(i -> p.positive(i, 0)).count();
    double recall = 0;
    double area = 0;
    for (int i : falling) {
      recall += p.positive(i, 0) ? 1 / positives : 0;
      area += p.positive(i, 0) ? 0 : recall / (p.size() - positives);
    }
    assertThat(p.value(new Auroc(TaskKind.MULTI_LABEL, 1))).isCloseTo(1 - area, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "MULTI_LABEL, 150, 5, 4",
    "MULTI_LABEL, 33, 7, 1000000",
    "CLASSIFICATION, 150, 3, 3",
    "CLASSIFICATION, 77, 17, 9",
    "CLASSIFICATION, 40, 2, 5"
  })
  void agreesWithCountingAllPairs(TaskKind kind, int n, int outputs, int levels) {
    for (long seed = 1; seed <= 10; seed++) {
      Predictions p = Predictions.random(seed, kind, n, outputs, levels);
      double sum = 0;
      int defined = 0;
      for (int c = 0; c < outputs; c++) {
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            if (p.positive(i, c) && !p.positive(j, c)) {
              pairs++;
              won += (Math.signum(p.score(i, c) - p.score(j, c)) + 1) / 2;
            }
          }
        }
        if (pairs > 0) {
          sum += won / pairs;
          defined++;
        }
      }
      assertThat(p.value(new Auroc(kind, outputs)))
          .as("seed %d", seed)
          .isCloseTo(1 - sum / defined, within(1e-12));
    }
  }

  @Test
  void poolsAllKnownPointsOfFields() {
    Accumulator accumulator = new Auroc(TaskKind.DENSE, 4).start();
    // of 2 x 2 pairs in both samples together, one is out of order and one tied
    accumulator.add(
        new float[] {3, 9, 1, -5, 1, 4, 2, 7}, new float[] {1, -1, 0, -1, 1, -1, 0, -1}, 2);
    assertThat(accumulator.value()).isEqualTo(1 - 2.5 / 4);
  }

  @Test
  void refusesAFieldThatIsNeitherOnNorOff() {
    Accumulator accumulator = new Auroc(TaskKind.DENSE, 1).start();
    assertThatThrownBy(() -> accumulator.add(new float[] {1}, new float[] {0.5f}, 1))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("0.5");
  }
}
