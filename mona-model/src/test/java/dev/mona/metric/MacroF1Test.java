package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.task.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MacroF1Test {

  private static double value(int classes, int[] labels, int[] predictions) {
    float[] logits = new float[labels.length * classes];
    float[] floats = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      logits[i * classes + predictions[i]] = 1;
      floats[i] = labels[i];
    }
    Accumulator accumulator = new MacroF1(TaskKind.CLASSIFICATION, classes).start();
    accumulator.add(logits, floats, labels.length);
    return accumulator.value();
  }

  @Test
  void averagesBothClassesOfABinaryTask() {
    // F1 of class 0 is 1/2, of class 1 is 2/3.
    assertThat(value(2, new int[] {0, 0, 1, 1, 1}, new int[] {0, 1, 1, 1, 0}))
        .isCloseTo(1 - 7.0 / 12, within(1e-15));
  }

  @Test
  void countsAClassThatIsOnlyPredictedOrOnlyLabelledAsZero() {
    // Classes 0 (2/3), 1 (4/5), 2 (never a label, predicted twice: 0).
    assertThat(value(3, new int[] {0, 0, 1, 1, 1}, new int[] {0, 2, 1, 1, 2}))
        .isCloseTo(1 - (2.0 / 3 + 4.0 / 5) / 3, within(1e-15));
    assertThat(value(2, new int[] {0, 1}, new int[] {0, 0}))
        .isCloseTo(1 - (2.0 / 3) / 2, within(1e-15));
  }

  @Test
  void leavesOutAClassThatOccursNowhere() {
    assertThat(value(7, new int[] {0, 3}, new int[] {0, 3})).isZero();
  }

  @Test
  void isNaNWithoutSamples() {
    assertThat(value(3, new int[0], new int[0])).isNaN();
  }

  @Test
  void losesRecallButNoPrecisionToNaN() {
    Accumulator accumulator = new MacroF1(TaskKind.CLASSIFICATION, 2).start();
    accumulator.add(new float[] {Float.NaN, 0, 1, 0, 0, 1}, new float[] {0, 0, 1}, 3);
    assertThat(accumulator.value()).isCloseTo(1 - (2.0 / 3 + 1) / 2, within(1e-15));
  }

  @ParameterizedTest
  @CsvSource({"CLASSIFICATION, 200, 5", "CLASSIFICATION, 33, 17", "MULTI_LABEL, 97, 7"})
  void agreesWithPrecisionAndRecallByDefinition(TaskKind kind, int n, int outputs) {
    for (long seed = 1; seed <= 20; seed++) {
      Predictions p = Predictions.random(seed, kind, n, outputs, 4);
      assertThat(p.value(new MacroF1(kind, outputs)))
          .as("seed %d", seed)
          .isCloseTo(1 - byDefinition(p), within(1e-12));
    }
  }

  private static double byDefinition(Predictions p) {
    int outputs = p.task().outputs();
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < outputs; c++) {
      double hits = 0;
      double labelled = 0;
      double predicted = 0;
      for (int i = 0; i < p.size(); i++) {
        boolean decision = p.logit(i, c) > 0;
        if (p.task().kind() == TaskKind.CLASSIFICATION) {
          decision = true;
          for (int k = 0; k < outputs; k++) {
            decision &= k < c ? p.logit(i, c) > p.logit(i, k) : p.logit(i, c) >= p.logit(i, k);
          }
        }
        labelled += p.positive(i, c) ? 1 : 0;
        predicted += decision ? 1 : 0;
        hits += p.positive(i, c) && decision ? 1 : 0;
      }
      if (labelled + predicted > 0) {
        classes++;
        double precision = hits / predicted;
        double recall = hits / labelled;
        sum += hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
      }
    }
    return sum / classes;
  }
}
