package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The whole encoder, two layers, against finite differences in double. */
class PostNormTransformerTest {
  private static final double STEP = 1e-5;
  private static final int LENGTH = 5;
  private static final Bert CONFIG =
      new Bert(
          Bert.Variant.BERT, new TransformerShape(6, 2, 3, 14, 1e-5), new TextTables(11, 9, 2, 0));

  private final PostNormTransformer encoder = CONFIG.backbone();
  private final Random random = new Random(21);
  private final Parameters theta = randomParameters(0.4);
  private final Parameters direction = randomParameters(1);
  private final INDArray tokens = DerivativeCheck.gaussian(random, 3 * LENGTH, 6);
  private final INDArray weights = DerivativeCheck.gaussian(random, 3 * LENGTH, 6);

  private Parameters randomParameters(double deviation) {
    ParameterLayout layout = encoder.layout();
    Parameters parameters = Parameters.zeros(layout, DataType.DOUBLE);
    parameters.vector().assign(DerivativeCheck.gaussian(random, layout.length()).muli(deviation));
    return parameters;
  }

  private Variable loss(Tape tape, Leaves leaves, Variable x, boolean masked) {
    Variable mask = null;
    if (masked) {
      float[] values = new float[3 * LENGTH];
      values[4] = -1e9f;
      values[8] = -1e9f;
      mask = tape.constant(values, 3, 1, 1, LENGTH);
    }
    return encoder
        .encode(tape, leaves, Tokens.series(x, 3, LENGTH), mask)
        .values()
        .multiply(tape.leaf(weights))
        .sum();
  }

  private double lossAt(Parameters at, INDArray x, boolean masked) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      return loss(tape, Leaves.of(tape, at), tape.leaf(x), masked).scalar();
    }
  }

  /** Gradient with respect to theta and to the tokens. */
  private List<INDArray> gradients(Parameters at, boolean masked) {
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      Leaves leaves = Leaves.of(tape, at);
      Variable x = tape.leaf(tokens);
      return gradients(tape, leaves, x, loss(tape, leaves, x, masked));
    }
  }

  private List<INDArray> gradients(Tape tape, Leaves leaves, Variable x, Variable output) {
    Parameters gradient = theta.zerosLike();
    INDArray tokenGradient = Nd4j.zeros(DataType.DOUBLE, tokens.shape());
    Map<Variable, INDArray> wrt = new HashMap<>();
    leaves.collect(gradient, wrt);
    wrt.put(x, tokenGradient);
    tape.backward(output, 1, wrt);
    return List.of(gradient.vector(), tokenGradient);
  }

  private Parameters moved(double step) {
    Parameters result = theta.copy();
    result.vector().addi(direction.vector().mul(step));
    return result;
  }

  @Test
  void gradientAgreesWithFiniteDifferences() {
    for (boolean masked : new boolean[] {false, true}) {
      List<INDArray> exact = gradients(theta, masked);
      double scale = exact.get(0).norm2Number().doubleValue();
      for (long i = 0; i < theta.length(); i += 31) {
        Parameters plus = theta.copy();
        plus.vector().putScalar(i, plus.vector().getDouble(i) + STEP);
        Parameters minus = theta.copy();
        minus.vector().putScalar(i, minus.vector().getDouble(i) - STEP);
        double numeric =
            (lossAt(plus, tokens, masked) - lossAt(minus, tokens, masked)) / (2 * STEP);
        assertThat(Math.abs(exact.get(0).getDouble(i) - numeric))
            .as("parameter " + i + ", masked " + masked)
            .isLessThan(1e-6 * scale);
      }
      for (long i = 0; i < tokens.length(); i += 13) {
        INDArray plus = tokens.dup();
        plus.putScalar(i, plus.getDouble(i) + STEP);
        INDArray minus = tokens.dup();
        minus.putScalar(i, minus.getDouble(i) - STEP);
        double numeric = (lossAt(theta, plus, masked) - lossAt(theta, minus, masked)) / (2 * STEP);
        assertThat(Math.abs(exact.get(1).getDouble(i) - numeric))
            .as("token value " + i + ", masked " + masked)
            .isLessThan(1e-6 * exact.get(1).norm2Number().doubleValue());
      }
    }
  }

  @Test
  void reverseOverForwardAgreesWithFiniteDifferencesOfTheGradient() {
    for (boolean masked : new boolean[] {false, true}) {
      List<INDArray> plus = gradients(moved(STEP), masked);
      List<INDArray> minus = gradients(moved(-STEP), masked);
      try (Tape tape = new Tape(DataType.DOUBLE)) {
        Leaves leaves = Leaves.of(tape, theta);
        Variable x = tape.leaf(tokens);
        Variable output = loss(tape, leaves, x, masked);
        Map<Variable, Variable> seeds = new HashMap<>();
        leaves.along(Leaves.of(tape, direction), seeds);
        Variable tangent = tape.tangent(output, seeds);
        double slope =
            (lossAt(moved(STEP), tokens, masked) - lossAt(moved(-STEP), tokens, masked))
                / (2 * STEP);
        assertThat(Math.abs(tangent.scalar() - slope)).isLessThan(1e-6 * Math.abs(slope));
        List<INDArray> exact = gradients(tape, leaves, x, tangent);
        for (int k = 0; k < 2; k++) {
          INDArray numeric = plus.get(k).sub(minus.get(k)).divi(2 * STEP);
          double error = exact.get(k).sub(numeric).norm2Number().doubleValue();
          assertThat(error / numeric.norm2Number().doubleValue())
              .as((k == 0 ? "theta" : "tokens") + ", masked " + masked)
              .isLessThan(1e-6);
        }
      }
    }
  }

  private INDArray hidden(Tape tape, Leaves leaves, INDArray x, Variable mask) {
    Tokens batch = Tokens.series(tape.leaf(x), 3, LENGTH);
    return encoder.encode(tape, leaves, batch, mask).values().value();
  }

  @Test
  void hiddenTokensDoNotReachTheOthers() {
    INDArray other = tokens.dup();
    other.getRow(4).assign(9);
    try (Tape tape = new Tape(DataType.DOUBLE)) {
      float[] values = new float[3 * LENGTH];
      values[4] = -1e9f;
      Variable mask = tape.constant(values, 3, 1, 1, LENGTH);
      Leaves leaves = Leaves.of(tape, theta);
      INDArray a = hidden(tape, leaves, tokens, mask);
      INDArray b = hidden(tape, leaves, other, mask);
      assertThat(a.getRow(0)).isEqualTo(b.getRow(0));
      assertThat(a.getRow(4)).isNotEqualTo(b.getRow(4));
    }
  }
}
