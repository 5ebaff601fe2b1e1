package dev.mona.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.task.TaskKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorRateTest {
  private static final Metric CLASSES = new ErrorRate(TaskKind.CLASSIFICATION, 3);
  private static final Metric LABELS = new ErrorRate(TaskKind.MULTI_LABEL, 2);

  private static double value(Metric metric, float[] logits, float... labels) {
    Accumulator accumulator = metric.start();
    accumulator.add(logits, labels, logits.length / (metric.equals(CLASSES) ? 3 : 2));
    return accumulator.value();
  }

  @Test
  void countsWrongClasses() {
    float[] logits = {5, 1, 0, 1, 2, 3, -1, -2, -3, 0, 9, 1};
    assertThat(value(CLASSES, logits, 0, 2, 1, 1)).isEqualTo(0.25);
  }

  @Test
  void takesTheFirstOfEqualLogits() {
    float[] logits = {1, 4, 4};
    assertThat(value(CLASSES, logits, 1)).isZero();
    assertThat(value(CLASSES, logits, 2)).isEqualTo(1);
  }

  @Test
  void countsEveryDecisionOfAMultiLabelSample() {
    float[] logits = {0.5f, -0.5f, 3, 2, 0, -1};
    // A logit of 0 is probability 1/2 and predicts no label.
    assertThat(value(LABELS, logits, 1, 0, 1, 0, 1, 0)).isEqualTo(2.0 / 6);
  }

  @Test
  void countsNaNAsWrong() {
    assertThat(value(CLASSES, new float[] {Float.NaN, 0, 1}, 0)).isEqualTo(1);
    assertThat(value(LABELS, new float[] {Float.NaN, Float.NaN}, 0, 1)).isEqualTo(1);
  }

  @Test
  void isNaNWithoutSamples() {
    assertThat(CLASSES.start().value()).isNaN();
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 3, 0.5f, Float.NaN, 1e20f})
  void refusesALabelThatIsNoClass(float label) {
    assertThatThrownBy(() -> value(CLASSES, new float[] {1, 2, 3}, label))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("class label is " + label)
        .hasMessageContaining("0 to 2");
  }

  @Test
  void refusesAMultiLabelTargetThatIsNeither0Nor1() {
    assertThatThrownBy(() -> value(LABELS, new float[] {1, 2}, 1, 0.5f))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("0.5");
  }

  @Test
  void refusesShortArrays() {
    assertThatThrownBy(() -> CLASSES.start().add(new float[5], new float[2], 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
