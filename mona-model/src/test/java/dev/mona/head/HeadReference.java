package dev.mona.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    return DerivativeCheck.gaussian(random, n).toDoubleVector();
  }

  /** Checks predictions, gradient and directional derivative. */
  void check(double tolerance) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      Parameters h = Parameters.zeros(head.layout(), DataType.DOUBLE);
      h.vector().assign(Nd4j.createFromArray(parameters));
      Leaves leaves = Leaves.of(tape, h);
      Variable values = tape.leaf(matrix(tokens));
      Variable predicted = head.apply(tape, leaves, new Tokens(values, batch, height, width));
      double[] expected = function.predict(parameters, tokens);
      assertThat(predicted.shape()).containsExactly(batch, expected.length / batch);
      double[] actual = predicted.value().reshape(expected.length).toDoubleVector();
      for (int i = 0; i < actual.length; i++) {
        close("prediction " + i, actual[i], expected[i], tolerance);
      }

      double[] weights = gaussian(expected.length);
      INDArray weight = Nd4j.createFromArray(weights).reshape('c', predicted.shape());
      Variable loss = predicted.multiply(tape.leaf(weight)).sum();
      gradient(tape, h, leaves, values, loss, weights, tolerance);
      tangent(tape, leaves, values, loss, weights, tolerance);
    }
  }

  private INDArray matrix(double[] x) {
    long rows = (long) batch * height * width;
    return Nd4j.createFromArray(x).reshape('c', rows, x.length / rows);
  }

  private void gradient(
      Tape tape,
      Parameters h,
      Leaves leaves,
      Variable values,
      Variable loss,
      double[] weights,
      double tolerance) {
    Map<Variable, INDArray> wrt = new HashMap<>();
    Parameters ofParameters = Parameters.zeros(h.layout(), DataType.DOUBLE);
    leaves.collect(ofParameters, wrt);
    INDArray ofTokens = Nd4j.zeros(DataType.DOUBLE, values.shape());
    wrt.put(values, ofTokens);
    tape.backward(loss, 1, wrt);
    compare("parameter", ofParameters.vector(), parameters, weights, tolerance);
    compare("token value", ofTokens.reshape(tokens.length), tokens, weights, tolerance);
  }

  private void compare(
      String what, INDArray gradient, double[] x, double[] weights, double tolerance) {
    for (int i = 0; i < x.length; i += 1 + x.length / ELEMENTS) {
      double at = x[i];
      x[i] = at + STEP;
      double above = loss(parameters, tokens, weights);
      x[i] = at - STEP;
      double below = loss(parameters, tokens, weights);
      x[i] = at;
      close(what + " " + i, gradient.getDouble(i), (above - below) / (2 * STEP), tolerance);
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
    Parameters direction = Parameters.zeros(head.layout(), DataType.DOUBLE);
    direction.vector().assign(Nd4j.createFromArray(alongParameters));
    Map<Variable, Variable> seeds = new HashMap<>();
    leaves.along(Leaves.of(tape, direction), seeds);
    seeds.put(values, tape.leaf(matrix(alongTokens)));
    double above =
        loss(moved(parameters, alongParameters, STEP), moved(tokens, alongTokens, STEP), weights);
    double below =
        loss(moved(parameters, alongParameters, -STEP), moved(tokens, alongTokens, -STEP), weights);
    double exact = tape.tangent(loss, seeds).scalar();
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
