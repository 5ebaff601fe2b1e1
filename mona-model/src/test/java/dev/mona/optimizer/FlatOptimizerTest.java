package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FlatOptimizerTest {
  /** Large enough that its place in the formula of Adam shows. */
  private static final double EPSILON = 1e-2;

  private static Adam adam(double decay, boolean decoupled) {
    return new Adam(0.9, 0.98, EPSILON, decay, decoupled);
  }

  static Stream<FlatOptimizer> rules() {
    return Stream.of(
        new Sgd(0, 0),
        new Sgd(0, 0.3),
        new Sgd(0.9, 0),
        new Sgd(0.99, 0.3),
        adam(0, false),
        adam(0.3, false),
        adam(0, true),
        adam(0.3, true));
  }

  /** The published formulas, parameter by parameter, in double. */
  private static double[] reference(FlatOptimizer rule, double[] start, double[][] gradients) {
    double[] p = start.clone();
    double[] m = new double[p.length];
    double[] v = new double[p.length];
    for (int t = 1; t <= gradients.length; t++) {
      double rate = rate(t - 1);
      for (int i = 0; i < p.length; i++) {
        double raw = gradients[t - 1][i];
        if (rule instanceof Sgd o) {
          m[i] = o.momentum() * m[i] + raw + o.weightDecay() * p[i];
          p[i] -= rate * m[i];
        } else if (rule instanceof Adam o) {
          double g = o.decoupled() ? raw : raw + o.weightDecay() * p[i];
          m[i] = o.beta1() * m[i] + (1 - o.beta1()) * g;
          v[i] = o.beta2() * v[i] + (1 - o.beta2()) * g * g;
          double mHat = m[i] / (1 - Math.pow(o.beta1(), t));
          double vHat = v[i] / (1 - Math.pow(o.beta2(), t));
          p[i] -= o.decoupled() ? rate * o.weightDecay() * p[i] : 0;
          p[i] -= rate * mHat / (Math.sqrt(vHat) + o.epsilon());
        }
      }
    }
    return p;
  }

  private static double rate(int iteration) {
    return 0.1 / (1 + iteration);
  }

  private static double[][] gradients(int steps, int n) {
    Random random = new Random(11);
    double[][] gradients = new double[steps][n];
    for (double[] gradient : gradients) {
      for (int i = 0; i < n; i++) {
        gradient[i] = random.nextGaussian();
      }
    }
    return gradients;
  }

  private static Array on(Device device, double... values) {
    return new Values(values, values.length).on(device);
  }

  private static double[] numbers(Array array) {
    return Values.of(array).flat();
  }

  /** Fresh moments of n parameters; one that nobody uses where the rule has none. */
  private static Array moments(FlatOptimizer optimizer, Device device, int n) {
    return device.zeros(Math.max(1, optimizer.momentLength(n)));
  }

  private static double[] run(
      FlatOptimizer optimizer, Device device, double[] start, double[][] gradients) {
    Array parameters = on(device, start);
    Array moments = moments(optimizer, device, start.length);
    for (int t = 0; t < gradients.length; t++) {
      optimizer.step(parameters, on(device, gradients[t]), moments, t, rate(t));
    }
    return numbers(parameters);
  }

  private static Stream<Arguments> rulesOnDevices() {
    return rules().flatMap(rule -> TestDevice.all().map(device -> Arguments.of(rule, device)));
  }

  @ParameterizedTest
  @MethodSource("rulesOnDevices")
  void followsTheFormulaWithAChangingRate(FlatOptimizer optimizer, Device device) {
    double[] start = {1.5, -0.7, 0.2, 3, -2};
    double[][] gradients = gradients(4, start.length);
    double[] expected = reference(optimizer, start, gradients);
    double tolerance = device.type() == ElementType.DOUBLE ? 1e-12 : 3e-6;
    assertThat(run(optimizer, device, start, gradients))
        .containsExactly(expected, within(tolerance));
  }

  @Test
  void takesKnownSteps() {
    Device device = TestDevice.doubles();
    double[] start = {1};
    double[][] twice = {{0.5}, {0.5}};
    // Heavy ball: 1 - 0.1 * 0.5 - 0.05 * (0.9 * 0.5 + 0.5); Nesterov's rule would differ.
    assertThat(run(new Sgd(0.9, 0), device, start, twice)[0]).isCloseTo(0.9025, within(1e-15));
    // A constant gradient makes each step of Adam rate * g / (|g| + epsilon).
    assertThat(run(adam(0, false), device, start, twice)[0])
        .isCloseTo(1 - 0.15 * 0.5 / 0.51, within(1e-14));
    assertThat(run(adam(0.3, true), device, start, new double[][] {{0.5}})[0])
        .isCloseTo(1 - 0.1 * 0.3 - 0.1 * 0.5 / 0.51, within(1e-14));
  }

  @ParameterizedTest
  @MethodSource("rulesOnDevices")
  void updatesPartsAsItUpdatesTheWhole(FlatOptimizer optimizer, Device device) {
    int n = 7;
    int cut = 3;
    double[][] gradients = gradients(3, n);
    double[] start = gradients(1, n)[0];
    Array whole = on(device, start);
    Array left = on(device, Arrays.copyOf(start, cut));
    // The right half stays a view at an offset, with its moments in a view too.
    Array frame = on(device, start);
    Array right = frame.slice(cut, n);
    Array moments = moments(optimizer, device, n);
    Array leftMoments = moments(optimizer, device, cut);
    int length = Math.toIntExact(Math.max(1, optimizer.momentLength(n - cut)));
    Array rightMoments = device.zeros(length + 5).slice(5, 5 + length);
    for (int t = 0; t < gradients.length; t++) {
      Array gradient = on(device, gradients[t]);
      Array leftGradient = on(device, Arrays.copyOf(gradients[t], cut));
      Array rightGradient = on(device, Arrays.copyOfRange(gradients[t], cut, n));
      optimizer.step(whole, gradient, moments, t, rate(t));
      optimizer.step(left, leftGradient, leftMoments, t, rate(t));
      optimizer.step(right, rightGradient, rightMoments, t, rate(t));
    }
    double[] parts = Arrays.copyOf(numbers(left), n);
    System.arraycopy(numbers(right), 0, parts, cut, n - cut);
    assertThat(parts).isEqualTo(numbers(whole));
    assertThat(numbers(frame.slice(0, cut)))
        .as("what lies before the view")
        .containsExactly(Arrays.copyOf(start, cut), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void continuesWhereAnotherRoundStopped(FlatOptimizer optimizer) {
    Device device = TestDevice.doubles();
    double[] start = {1, 2, 3};
    double[][] gradients = gradients(4, 3);
    Array parameters = on(device, start);
    Array moments = moments(optimizer, device, 3);
    for (int t = 0; t < 4; t++) {
      // As after a broadcast: copies of the state.
      parameters = on(device, numbers(parameters));
      moments = on(device, numbers(moments));
      optimizer.step(parameters, on(device, gradients[t]), moments, t, rate(t));
    }
    assertThat(numbers(parameters)).isEqualTo(run(optimizer, device, start, gradients));
  }

  @ParameterizedTest
  @MethodSource("rulesOnDevices")
  void aRateOfZeroLeavesTheParameters(FlatOptimizer optimizer, Device device) {
    Array parameters = on(device, 1, -2, 0.125);
    Array moments = moments(optimizer, device, 3);
    optimizer.step(parameters, on(device, 3, -4, 5), moments, 0, 0);
    assertThat(numbers(parameters)).containsExactly(1, -2, 0.125);
    assertThat(numbers(moments)[0] == 0).isEqualTo(optimizer.momentLength(3) == 0);
  }

  @ParameterizedTest
  @MethodSource("rulesOnDevices")
  void allocatesNothingThatGrowsWithTheVector(FlatOptimizer optimizer, Device device) {
    int n = 1 << 20;
    Array parameters = device.zeros(n);
    Array gradient = device.zeros(n);
    Array moments = moments(optimizer, device, n);
    long before = device.usedBytes();
    optimizer.step(parameters, gradient, moments, 0, 0.1);
    assertThat(device.usedBytes() - before).isLessThan(n);
    try (Array another = device.allocate(n)) {
      assertThat(device.usedBytes() - before).isGreaterThanOrEqualTo(4 * another.length());
    }
    parameters.close();
    gradient.close();
    moments.close();
  }

  @Test
  void refusesVectorsOfOtherLengths() {
    Device device = TestDevice.floats();
    FlatOptimizer adam = adam(0, false);
    Array three = device.zeros(3);
    assertThatThrownBy(() -> adam.step(three, device.zeros(2), device.zeros(6), 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> adam.step(three, device.zeros(3), device.zeros(3), 0, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 moments");
  }

  @Test
  void refusesConstantsThatAreNone() {
    assertThatThrownBy(() -> new Sgd(1, 0)).hasMessageContaining("momentum is 1.0");
    assertThatThrownBy(() -> new Sgd(0, -1)).hasMessageContaining("weight decay is -1.0");
    assertThatThrownBy(() -> new Adam(1, 0.98, EPSILON, 0, false))
        .hasMessageContaining("beta1 is 1.0");
    assertThatThrownBy(() -> new Adam(0.9, -0.1, EPSILON, 0, false))
        .hasMessageContaining("beta2 is -0.1");
    assertThatThrownBy(() -> new Adam(0.9, 0.98, 0, 0, false))
        .hasMessageContaining("epsilon is 0.0");
    assertThatThrownBy(() -> new OptimizerOptions(new Sgd(0, 0), 0, 0))
        .hasMessageContaining("learning rate is 0.0");
    assertThatThrownBy(() -> new OptimizerOptions(new Sgd(0, 0), 1, -1))
        .hasMessageContaining("clip norm is -1.0");
  }
}
