package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAverageTest {
  private static final double RATE = 0.1;

  private static Array on(Device device, double... values) {
    return new Values(values, values.length).on(device);
  }

  private static double[] numbers(Array array) {
    return Values.of(array).flat();
  }

  /** Where a constant gradient of 1 takes plain SGD: theta_t = theta_0 - rate t. */
  private static double[] afterSteps(double decay, double[] start, int steps) {
    Device device = TestDevice.doubles();
    WeightAverage average = new WeightAverage(decay);
    Sgd rule = new Sgd(0, 0);
    try (Array theta = on(device, start);
        Array gradient = device.zeros(start.length);
        // what is there before the first step does not matter
        Array mean = on(device, new Random(3).doubles(start.length).toArray());
        Array none = device.zeros(1)) {
      for (int t = 0; t < steps; t++) {
        device.vectors().fill(gradient, 1);
        rule.step(theta, gradient, none, t, RATE);
        average.step(theta, mean, gradient, t);
      }
      return numbers(mean);
    }
  }

  /** The sum over t of (1 - d) d^(T - t) t is T - d (1 - d^T) / (1 - d). */
  @ParameterizedTest
  @CsvSource({
    "0.5, 1, 1",
    "0.5, 3, 2",
    "0.9, 4, 3",
    "0.9, 7, 50",
    "0.99, 17, 10",
    "0.999, 33, 200"
  })
  void ofAConstantGradientItIsTheClosedForm(double decay, int n, int steps) {
    double[] start = new Random(n).doubles(n, -1, 1).toArray();
    double[] found = afterSteps(decay, start, steps);
    double lag = steps / (1 - Math.pow(decay, steps)) - decay / (1 - decay);
    for (int i = 0; i < n; i++) {
      assertThat(found[i]).as("of %d", i).isCloseTo(start[i] - RATE * lag, within(1e-6));
    }
  }

  /** (1 + ... + T) / T = (T + 1) / 2; the nearest decay below 1 is as good as 1. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 17, 33})
  void withADecayOfOneItIsThePlainMean(int steps) {
    double[] start = {0.5, -2};
    double[] found = afterSteps(1, start, steps);
    double[] nearly = afterSteps(Math.nextDown(1.0), start, steps);
    for (int i = 0; i < start.length; i++) {
      double mean = start[i] - RATE * (steps + 1) / 2;
      assertThat(found[i]).isCloseTo(mean, within(1e-6));
      assertThat(nearly[i]).isCloseTo(mean, within(1e-6));
    }
  }

  @Test
  void whatDoesNotChangeIsItsOwnAverageToTheBit() {
    for (Device device : TestDevice.all().toList()) {
      for (double decay : new double[] {0.1, 0.7, 0.999, 1}) {
        WeightAverage average = new WeightAverage(decay);
        double[] values = new Random(7).doubles(33, -1, 1).toArray();
        try (Array theta = on(device, values);
            Array mean = device.zeros(values.length);
            Array scratch = device.zeros(values.length)) {
          for (int t = 0; t < 100; t++) {
            average.step(theta, mean, scratch, t);
          }
          assertThat(numbers(mean)).as("decay %s", decay).isEqualTo(numbers(theta));
        }
      }
    }
  }

  @Test
  void theLastParametersHaveTheShareThatTheDecayLeavesThem() {
    Device device = TestDevice.doubles();
    try (Array theta = on(device, 0);
        Array mean = device.zeros(1);
        Array scratch = device.zeros(1)) {
      WeightAverage average = new WeightAverage(0.8);
      for (int t = 0; t < 200; t++) {
        average.step(theta, mean, scratch, t);
      }
      device.vectors().fill(theta, 1);
      average.step(theta, mean, scratch, 200);
      assertThat(numbers(mean)[0]).isCloseTo(0.2, within(1e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0000001, Double.NaN})
  void otherDecaysAreNone(double decay) {
    assertThatThrownBy(() -> new WeightAverage(decay))
        .hasMessage("decay is " + decay + ", must be in (0, 1]");
  }

  @Test
  void itLiesBehindTheMomentsOfTheRule() {
    WeightAverage average = new WeightAverage(0.9);
    OptimizerOptions plain = new OptimizerOptions(new Sgd(0, 0), 0.1, 0);
    assertThat(plain.momentLength(5)).isZero();
    assertThat(plain.with(average).momentLength(5)).isEqualTo(5);
    Adam adam = new Adam(0.9, 0.98, 1e-8, 0, false);
    assertThat(new OptimizerOptions(adam, 0.1, 0).momentLength(5)).isEqualTo(10);
    assertThat(new OptimizerOptions(adam, 0.1, 0, average).momentLength(5)).isEqualTo(15);
    assertThat(plain.with(average).with(null)).isEqualTo(plain);
  }
}
