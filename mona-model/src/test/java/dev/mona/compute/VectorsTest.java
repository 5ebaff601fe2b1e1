package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations on whole arrays, of any shapes, on every device against plain loops in double. */
class VectorsTest {
  private static final long SEED = 23;
  private static final int[] LENGTHS = {1, 7, 8, 2047, 2049, 100_003};

  static Stream<Device> devices() {
    return TestDevice.all();
  }

  static Stream<Arguments> lengths() {
    return TestDevice.all()
        .flatMap(device -> Arrays.stream(LENGTHS).mapToObj(n -> Arguments.of(n, device)));
  }

  private static double[] random(int n, long seed) {
    Random random = new Random(seed);
    return DoubleStream.generate(() -> (float) random.nextGaussian()).limit(n).toArray();
  }

  /** A call on two inputs and an output. */
  private interface Call {
    void apply(Vectors vectors, Array x, Array y, Array out);
  }

  /** What becomes of the elements of one place. */
  private interface Rule {
    double apply(double x, double y, double out);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("lengths")
  void elementByElement(int n, Device device) {
    check(n, device, (v, x, y, out) -> v.fill(out, 1.5), (x, y, out) -> 1.5);
    check(n, device, (v, x, y, out) -> v.copy(x, out), (x, y, out) -> x);
    check(n, device, Vectors::add, (x, y, out) -> x + y);
    check(n, device, Vectors::subtract, (x, y, out) -> x - y);
    check(n, device, Vectors::multiply, (x, y, out) -> x * y);
    check(n, device, (v, x, y, out) -> v.scale(x, 0.25, out), (x, y, out) -> x / 4);
    check(n, device, (v, x, y, out) -> v.scale(x, Scalar.of(3), out), (x, y, out) -> 3 * x);
    check(n, device, (v, x, y, out) -> v.shift(x, -2, out), (x, y, out) -> x - 2);
    check(n, device, (v, x, y, out) -> v.axpy(0.5, x, out), (x, y, out) -> out + x / 2);
    check(n, device, (v, x, y, out) -> v.add(out, x, out), (x, y, out) -> out + x);
    check(n, device, (v, x, y, out) -> v.subtract(x, out, out), (x, y, out) -> x - out);
    check(n, device, (v, x, y, out) -> v.multiply(out, out, out), (x, y, out) -> out * out);
    check(n, device, (v, x, y, out) -> v.scale(out, -1, out), (x, y, out) -> -out);
  }

  /** The second input is a matrix of one row, the rest are vectors. */
  private static void check(int n, Device device, Call call, Rule rule) {
    double[] x = random(n, SEED);
    double[] y = random(n, SEED + 1);
    double[] out = random(n, SEED + 2);
    try (Array first = new Values(x, n).on(device);
        Array second = new Values(y, 1, n).on(device);
        Array third = new Values(out, n).on(device)) {
      call.apply(device.vectors(), first, second, third);
      double[] expected =
          IntStream.range(0, n).mapToDouble(i -> rule.apply(x[i], y[i], out[i])).toArray();
      KernelsTest.agrees("out", device, Values.of(third).flat(), expected);
      assertThat(Values.of(first).flat()).isEqualTo(x);
      assertThat(Values.of(second).flat()).isEqualTo(y);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void nothingIsDoneToArraysWithoutElements(Device device) {
    try (Array empty = device.allocate(0);
        Array other = device.zeros(0)) {
      Vectors vectors = device.vectors();
      vectors.copy(empty, other);
      vectors.add(empty, other, other);
      vectors.scale(empty, 2, other);
      vectors.shift(empty, 2, other);
      vectors.axpy(2, empty, other);
      assertThat(vectors.dot(empty, other).value()).isZero();
      other.put(new float[0], 0);
      assertThat(other.toFloats()).isEmpty();
      assertThat(other.view(0, 0, 4).shape()).containsExactly(0, 4);
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("lengths")
  void everyProductCountsOnce(int n, Device device) {
    double[] x = random(n, SEED);
    double[] y = random(n, SEED + 1);
    double expected = IntStream.range(0, n).mapToDouble(i -> x[i] * y[i]).sum();
    double scale = Math.sqrt(squares(x) * squares(y));
    try (Array first = new Values(x, n).on(device);
        Array second = new Values(y, 1, n).on(device)) {
      Vectors vectors = device.vectors();
      Scalar dot = vectors.dot(first, second);
      assertThat(dot.value()).isCloseTo(expected, within(1e-6 * scale));
      assertThat(vectors.dot(first, second).value()).isEqualTo(dot.value());
      assertThat(vectors.dot(first, first).value())
          .isCloseTo(squares(x), within(1e-6 * squares(x)));
    }
  }

  private static double squares(double[] x) {
    return Arrays.stream(x).map(e -> e * e).sum();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void numbersAreAddedMultipliedAndAskedForTogether(Device device) {
    Vectors v = device.vectors();
    try (Array array = device.of(new float[] {3, 4}, 2)) {
      Scalar squares = v.dot(array, array);
      Scalar norm = v.root(squares);
      double[] values =
          v.values(
              norm,
              v.sum(squares, norm),
              v.times(norm, 0.5),
              v.product(norm, array.scalar()),
              v.ratio(squares, norm),
              v.ratio(squares, v.times(norm, 0)));
      assertThat(values).containsExactly(new double[] {5, 30, 2.5, 15, 5, 0}, within(1e-6));
      v.scale(array, v.ratio(Scalar.of(1), norm), array);
      assertThat(array.toFloats()).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void adam(Device device) {
    adam(device, new AdamStep(new AdamStep.Rule(0.9, 0.999, 1e-8, 0), 1e-2, 0));
    adam(device, new AdamStep(new AdamStep.Rule(0.9, 0.99, 1e-3, 0), 1e-2, 41));
    adam(device, new AdamStep(new AdamStep.Rule(0.9, 0.99, 1e-3, 0.1), 1e-2, 7));
    adam(device, new AdamStep(new AdamStep.Rule(0.9, 0.99, 1e-3, 0.1), 0, 7));
  }

  private static void adam(Device device, AdamStep step) {
    int n = 1031;
    double[] p = random(n, SEED);
    double[] g = random(n, SEED + 1);
    double[] m = random(n, SEED + 2);
    double[] v = Arrays.stream(random(n, SEED + 3)).map(Math::abs).toArray();
    try (Array parameters = new Values(p, n).on(device);
        Array gradient = new Values(g, n).on(device);
        Array moments =
            new Values(DoubleStream.concat(of(m), of(v)).toArray(), 2L * n).on(device)) {
      device.vectors().adam(parameters, gradient, moments.view(0, n), moments.view(n, n), step);
      double t = step.iteration() + 1;
      double[] expectedMoments = new double[2 * n];
      double[] expected = new double[n];
      for (int i = 0; i < n; i++) {
        double first = step.beta1() * m[i] + (1 - step.beta1()) * g[i];
        double second = step.beta2() * v[i] + (1 - step.beta2()) * g[i] * g[i];
        double corrected = second / (1 - Math.pow(step.beta2(), t));
        double update =
            first / (1 - Math.pow(step.beta1(), t)) / (Math.sqrt(corrected) + step.epsilon());
        expected[i] = p[i] - step.learningRate() * (update + step.decay() * p[i]);
        expectedMoments[i] = first;
        expectedMoments[n + i] = second;
      }
      KernelsTest.agrees(step + "", device, Values.of(parameters).flat(), expected);
      KernelsTest.agrees(step + ", moments", device, Values.of(moments).flat(), expectedMoments);
    }
  }

  private static DoubleStream of(double[] values) {
    return Arrays.stream(values);
  }
}
