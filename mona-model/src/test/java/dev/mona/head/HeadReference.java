package dev.mona.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Holds a head against the same function in plain doubles, with its derivatives. */
final class HeadReference {
  /** A head in plain doubles: parameters in the order of the layout and tokens to predictions. */
  interface Function {
    double[] predict(double[] parameters, double[] tokens);
  }

  private static final double STEP = 1e-5;

  /** Elements of parameters and of tokens whose gradient is checked, about. */
  private static final int ELEMENTS = 25;

  private final Head head;
  private final Function function;
  private final int batch;
  private final int height;
  private final int width;
  private final double[] parameters;
  private final double[] tokens;
  private final Random random;

  HeadReference(
      Head head, Function function, int batch, int height, int width, int tokenWidth, long seed) {
    this.head = head;
    this.function = function;
    this.batch = batch;
    this.height = height;
    this.width = width;
    random = new Random(seed);
    parameters = gaussian(Math.toIntExact(head.layout().length()));
    tokens = gaussian(batch * height * width * tokenWidth);
  }

  private double[] gaussian(int n) {
    return Values.gaussian(random, n).flat();
  }

  /** Checks predictions, gradient and directional derivative. */
  void check(double tolerance) {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Parameters h = Parameters.zeros(head.layout(), TestDevice.doubles());
      new Values(parameters, parameters.length).into(h.vector());
      Leaves leaves = Leaves.of(tape, h);
      Variable values = DerivativeCheck.leaf(tape, matrix(tokens));
      Variable predicted = head.apply(tape, leaves, new Tokens(values, batch, height, width));
      double[] expected = function.predict(parameters, tokens);
      assertThat(predicted.shape()).containsExactly(batch, expected.length / batch);
      double[] actual = Values.of(predicted.value()).flat();
      for (int i = 0; i < actual.length; i++) {
        close("prediction " + i, actual[i], expected[i], tolerance);
      }

      double[] weights = gaussian(expected.length);
      Variable weight = DerivativeCheck.leaf(tape, new Values(weights, predicted.shape()));
      Variable loss = predicted.multiply(weight).sum();
      gradient(tape, h, leaves, values, loss, weights, tolerance);
      tangent(tape, leaves, values, loss, weights, tolerance);
    }
  }

  private Values matrix(double[] x) {
    long rows = (long) batch * height * width;
    return new Values(x, rows, x.length / rows);
  }

  private void gradient(
      Tape tape,
      Parameters h,
      Leaves leaves,
      Variable values,
      Variable loss,
      double[] weights,
      double tolerance) {
    Map<Variable, Array> wrt = new HashMap<>();
    Parameters ofParameters = Parameters.zeros(h.layout(), TestDevice.doubles());
    leaves.collect(ofParameters, wrt);
    Array ofTokens = tape.device().zeros(values.shape());
    wrt.put(values, ofTokens);
    tape.backward(loss, 1, wrt);
    compare("parameter", Values.of(ofParameters.vector()), parameters, weights, tolerance);
    compare("token value", Values.of(ofTokens), tokens, weights, tolerance);
  }

  private void compare(
      String what, Values gradient, double[] x, double[] weights, double tolerance) {
    for (int i = 0; i < x.length; i += 1 + x.length / ELEMENTS) {
      double at = x[i];
      x[i] = at + STEP;
      double above = loss(parameters, tokens, weights);
      x[i] = at - STEP;
      double below = loss(parameters, tokens, weights);
      x[i] = at;
      close(what + " " + i, gradient.flat()[i], (above - below) / (2 * STEP), tolerance);
    }
  }

  private double loss(double[] h, double[] x, double[] weights) {
    double[] predicted = function.predict(h, x);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * predicted[i];
    }
    return sum;
  }

  private void tangent(
      Tape tape,
      Leaves leaves,
      Variable values,
      Variable loss,
      double[] weights,
      double tolerance) {
    double[] alongParameters = gaussian(parameters.length);
    double[] alongTokens = gaussian(tokens.length);
    Parameters direction = Parameters.zeros(head.layout(), TestDevice.doubles());
    new Values(alongParameters, alongParameters.length).into(direction.vector());
    Map<Variable, Variable> seeds = new HashMap<>();
    leaves.along(Leaves.of(tape, direction), seeds);
    seeds.put(values, DerivativeCheck.leaf(tape, matrix(alongTokens)));
    double above =
        loss(moved(parameters, alongParameters, STEP), moved(tokens, alongTokens, STEP), weights);
    double below =
        loss(moved(parameters, alongParameters, -STEP), moved(tokens, alongTokens, -STEP), weights);
    double exact = tape.tangent(loss, seeds).scalar().value();
    close("directional derivative", exact, (above - below) / (2 * STEP), tolerance);
  }

  private static void close(String what, double exact, double numeric, double tolerance) {
    double difference = tolerance * Math.max(1, Math.abs(numeric));
    assertThat(exact).as(what).isCloseTo(numeric, within(difference));
  }

  private static double[] moved(double[] x, double[] along, double step) {
    double[] moved = x.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * along[i];
    }
    return moved;
  }

  /** Layer norm of each token with a gain and a bias. */
  static double[] normalised(
      double[] tokens, double[] h, int gain, int bias, int width, double epsilon) {
    double[] result = new double[tokens.length];
    for (int from = 0; from < tokens.length; from += width) {
      double mean = 0;
      double variance = 0;
      for (int w = 0; w < width; w++) {
        mean += tokens[from + w] / width;
      }
      for (int w = 0; w < width; w++) {
        variance += (tokens[from + w] - mean) * (tokens[from + w] - mean) / width;
      }
      for (int w = 0; w < width; w++) {
        double z = (tokens[from + w] - mean) / Math.sqrt(variance + epsilon);
        result[from + w] = z * h[gain + w] + h[bias + w];
      }
    }
    return result;
  }
}
