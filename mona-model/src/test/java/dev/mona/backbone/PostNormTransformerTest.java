package dev.mona.backbone;

import static dev.mona.autodiff.DerivativeCheck.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
  private final Values tokens = Values.gaussian(random, 3 * LENGTH, 6);
  private final Values weights = Values.gaussian(random, 3 * LENGTH, 6);

  private Parameters randomParameters(double deviation) {
    ParameterLayout layout = encoder.layout();
    Parameters parameters = Parameters.zeros(layout, TestDevice.doubles());
    Values.gaussian(random, layout.length()).times(deviation).into(parameters.vector());
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
        .multiply(leaf(tape, weights))
        .sum();
  }

  private double lossAt(Parameters at, Values x, boolean masked) {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      return loss(tape, Leaves.of(tape, at), leaf(tape, x), masked).scalar().value();
    }
  }

  /** Gradient with respect to theta and to the tokens. */
  private List<Values> gradients(Parameters at, boolean masked) {
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Leaves leaves = Leaves.of(tape, at);
      Variable x = leaf(tape, tokens);
      return gradients(tape, leaves, x, loss(tape, leaves, x, masked));
    }
  }

  private List<Values> gradients(Tape tape, Leaves leaves, Variable x, Variable output) {
    Parameters gradient = theta.zerosLike();
    Array tokenGradient = tape.device().zeros(tokens.shape());
    Map<Variable, Array> wrt = new HashMap<>();
    leaves.collect(gradient, wrt);
    wrt.put(x, tokenGradient);
    tape.backward(output, 1, wrt);
    return List.of(Values.of(gradient.vector()), Values.of(tokenGradient));
  }

  private Parameters moved(double step) {
    Parameters result = theta.copy();
    TestDevice.doubles().vectors().axpy(step, direction.vector(), result.vector());
    return result;
  }

  @Test
  void gradientAgreesWithFiniteDifferences() {
    for (boolean masked : new boolean[] {false, true}) {
      List<Values> exact = gradients(theta, masked);
      double scale = exact.get(0).norm();
      Values at = Values.of(theta.vector());
      Parameters moved = theta.copy();
      for (int i = 0; i < theta.length(); i += 31) {
        at.bumped(i, STEP).into(moved.vector());
        double plus = lossAt(moved, tokens, masked);
        at.bumped(i, -STEP).into(moved.vector());
        double numeric = (plus - lossAt(moved, tokens, masked)) / (2 * STEP);
        assertThat(Math.abs(exact.get(0).flat()[i] - numeric))
            .as("parameter " + i + ", masked " + masked)
            .isLessThan(1e-6 * scale);
      }
      for (int i = 0; i < tokens.flat().length; i += 13) {
        Values plus = tokens.bumped(i, STEP);
        Values minus = tokens.bumped(i, -STEP);
        double numeric = (lossAt(theta, plus, masked) - lossAt(theta, minus, masked)) / (2 * STEP);
        assertThat(Math.abs(exact.get(1).flat()[i] - numeric))
            .as("token value " + i + ", masked " + masked)
            .isLessThan(1e-6 * exact.get(1).norm());
      }
    }
  }

  @Test
  void reverseOverForwardAgreesWithFiniteDifferencesOfTheGradient() {
    for (boolean masked : new boolean[] {false, true}) {
      List<Values> plus = gradients(moved(STEP), masked);
      List<Values> minus = gradients(moved(-STEP), masked);
      try (Tape tape = new Tape(TestDevice.doubles())) {
        Leaves leaves = Leaves.of(tape, theta);
        Variable x = leaf(tape, tokens);
        Variable output = loss(tape, leaves, x, masked);
        Map<Variable, Variable> seeds = new HashMap<>();
        leaves.along(Leaves.of(tape, direction), seeds);
        Variable tangent = tape.tangent(output, seeds);
        double slope =
            (lossAt(moved(STEP), tokens, masked) - lossAt(moved(-STEP), tokens, masked))
                / (2 * STEP);
        assertThat(Math.abs(tangent.scalar().value() - slope)).isLessThan(1e-6 * Math.abs(slope));
        List<Values> exact = gradients(tape, leaves, x, tangent);
        for (int k = 0; k < 2; k++) {
          Values numeric = plus.get(k).plus(-1, minus.get(k)).times(1 / (2 * STEP));
          assertThat(exact.get(k).distance(numeric) / numeric.norm())
              .as((k == 0 ? "theta" : "tokens") + ", masked " + masked)
              .isLessThan(1e-6);
        }
      }
    }
  }

  private Values hidden(Tape tape, Leaves leaves, Values x, Variable mask) {
    Tokens batch = Tokens.series(leaf(tape, x), 3, LENGTH);
    return Values.of(encoder.encode(tape, leaves, batch, mask).values().value());
  }

  @Test
  void hiddenTokensDoNotReachTheOthers() {
    Values other = tokens.times(1);
    Arrays.fill(other.flat(), 4 * 6, 5 * 6, 9);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      float[] values = new float[3 * LENGTH];
      values[4] = -1e9f;
      Variable mask = tape.constant(values, 3, 1, 1, LENGTH);
      Leaves leaves = Leaves.of(tape, theta);
      Values a = hidden(tape, leaves, tokens, mask);
      Values b = hidden(tape, leaves, other, mask);
      assertThat(a.row(0)).containsExactly(b.row(0));
      assertThat(a.row(4)).isNotEqualTo(b.row(4));
    }
  }
}
