package dev.mona.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int ROWS = 2000;
  private static final int WIDTH = 50;

  /** What is left of ones. */
  private static float[] ofOnes(Dropout dropout, String place, int rows, int width) {
    try (Tape tape = new Tape(TestDevice.floats())) {
      float[] ones = new float[rows * width];
      Arrays.fill(ones, 1);
      Variable x = tape.constant(ones, rows, width);
      return dropout.apply(place, x).value().toFloats();
    }
  }

  private static double zeros(float[] values) {
    int zeros = 0;
    for (float value : values) {
      zeros += value == 0 ? 1 : 0;
    }
    return (double) zeros / values.length;
  }

  @Test
  void rateZeroRecordsNothing() {
    try (Tape tape = new Tape(TestDevice.floats())) {
      Variable x = tape.constant(new float[] {1, 2}, 1, 2);
      assertThat(Dropout.NONE.apply("a", x)).isSameAs(x);
      assertThat(new Dropout(0, 5).apply("a", x)).isSameAs(x);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.5, 0.9})
  void dropsAtItsRateAndKeepsTheMean(double rate) {
    float[] left = ofOnes(new Dropout(rate, 11, 12, 13, 14), "a", ROWS, WIDTH);
    double n = left.length;
    double sigma = Math.sqrt(rate * (1 - rate) / n);
    assertThat(zeros(left)).isCloseTo(rate, within(4 * sigma));
    double sum = 0;
    for (float value : left) {
      assertThat(value == 0 || Math.abs(value - 1 / (1 - rate)) < 2e-3).isTrue();
      sum += value;
    }
    assertThat(sum / n).isCloseTo(1, within(4 * sigma / (1 - rate)));
  }

  /** Neighbours, and the same positions of other keys and places, fall independently. */
  @Test
  void drawsAreIndependent() {
    double rate = 0.3;
    float[] a = ofOnes(new Dropout(rate, 1), "a", ROWS, WIDTH);
    int n = a.length - WIDTH;
    double sigma = Math.sqrt(rate * rate * (1 - rate * rate) / n);
    for (int lag : new int[] {1, 2, 3, 4, WIDTH}) {
      assertThat(both(a, 0, a, lag, n)).as("lag " + lag).isCloseTo(0.09, within(4 * sigma));
    }
    float[] otherKey = ofOnes(new Dropout(rate, 2), "a", ROWS, WIDTH);
    float[] otherPlace = ofOnes(new Dropout(rate, 1), "b", ROWS, WIDTH);
    assertThat(both(a, 0, otherKey, 0, n)).isCloseTo(0.09, within(4 * sigma));
    assertThat(both(a, 0, otherPlace, 0, n)).isCloseTo(0.09, within(4 * sigma));
  }

  /** Part of the positions where both are 0. */
  private static double both(float[] a, int from, float[] b, int lag, int n) {
    int count = 0;
    for (int i = from; i < n; i++) {
      count += a[i] == 0 && b[i + lag] == 0 ? 1 : 0;
    }
    return (double) count / n;
  }

  @Test
  void aSampleHasTheSameMaskBesideAnyOthers() {
    float[] three = ofOnes(new Dropout(0.4, 7, 8, 9), "a", 9, 5);
    float[] last = ofOnes(new Dropout(0.4, 9), "a", 3, 5);
    assertThat(Arrays.copyOfRange(three, 30, 45)).containsExactly(last);
    assertThat(Arrays.copyOfRange(three, 0, 15)).isNotEqualTo(last);
  }

  @Test
  void theGradientPassesWhereTheValueDoes() {
    try (Tape tape = new Tape(TestDevice.floats())) {
      Variable x = tape.constant(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, 2);
      Variable y = new Dropout(0.5, 3, 4).apply("a", x);
      Array gradient = tape.device().zeros(4, 2);
      tape.backward(y.sum(), 3, Map.of(x, gradient));
      float[] slopes = gradient.toFloats();
      float[] values = y.value().toFloats();
      for (int i = 0; i < 8; i++) {
        assertThat(slopes[i]).isCloseTo(3 * values[i] / (i + 1), within(1e-6f));
      }
    }
  }

  @Test
  void refusesRowsThatAreNotThoseOfItsSamples() {
    assertThatThrownBy(() -> ofOnes(new Dropout(0.5, 1, 2), "a", 3, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("15 values at a are not those of 2 samples");
  }
}
