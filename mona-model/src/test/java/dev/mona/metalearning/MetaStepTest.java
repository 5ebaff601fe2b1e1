package dev.mona.metalearning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.autodiff.DerivativeCheck;
import dev.mona.autodiff.Variable;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Bilevel problems with a closed form. */
class MetaStepTest {
  private static final double ALPHA = 0.3;
  private static final double LAMBDA = 0.7;

  private static MetaStepOptions options(Estimator estimator, int steps) {
    return new MetaStepOptions(
        new Strength.Lambda(ALPHA, LAMBDA),
        estimator,
        new OuterPoint.Virtual(steps),
        HeadGradient.INNER);
  }

  private static Parameters vector(String name, INDArray value) {
    Parameters parameters =
        Parameters.zeros(
            ParameterLayout.builder().add(name, value.length(), 1).build(), DataType.DOUBLE);
    parameters.vector().assign(value.reshape(value.length()));
    return parameters;
  }

  private static ParameterSet point(INDArray phi, INDArray theta) {
    return new ParameterSet(
        vector("phi", phi),
        vector("theta", theta),
        vector("h", org.nd4j.linalg.factory.Nd4j.zeros(DataType.DOUBLE, 1)));
  }

  private static Variable halfSquare(Variable x) {
    return x.multiply(x).sum().scale(0.5);
  }

  private static INDArray scalar(double value) {
    return org.nd4j.linalg.factory.Nd4j.createFromArray(new double[] {value});
  }

  @ParameterizedTest
  @EnumSource
  void scalarProblemMatchesItsClosedForm(Estimator estimator) {
    double phi = 1.3;
    double theta = -0.8;
    double y = 0.6;
    InnerProblem inner =
        (tape, p) ->
            halfSquare(p.embedder().get("phi").multiply(p.encoder().get("theta")).shift(-y));
    OuterProblem outer =
        (tape, encoder) -> new OuterLoss(halfSquare(encoder.get("theta")), Map.of());
    ParameterSet at = point(scalar(phi), scalar(theta));
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(estimator, 1), at)) {
      MetaStepResult result = step.run(inner, outer, at, 1, gradient);
      double g = phi * (phi * theta - y);
      double moved = theta - ALPHA * g;
      double expected = theta * (phi * theta - y) - LAMBDA * ALPHA * (2 * phi * theta - y) * moved;
      assertThat(gradient.embedder().vector().getDouble(0)).isCloseTo(expected, within(1e-9));
      assertThat(result.innerLoss()).isCloseTo(0.5 * Math.pow(phi * theta - y, 2), within(1e-12));
      assertThat(result.cosine()).isCloseTo(Math.signum(g * moved), within(1e-12));
      assertThat(result.gradientNorm()).isCloseTo(Math.abs(g), within(1e-12));
      assertThat(result.outer().norm()).isCloseTo(Math.abs(moved), within(1e-12));
    }
  }

  /** L_inner = |A phi + B theta - y|^2 / 2 and L_outer = |C theta - z|^2 / 2 in ten dimensions. */
  private static final class Quadratic {
    static final int N = 10;
    final INDArray a;
    final INDArray b;
    final INDArray c;
    final INDArray y;
    final INDArray z;
    final INDArray phi;
    final INDArray theta;

    Quadratic(long seed) {
      Random random = new Random(seed);
      a = DerivativeCheck.gaussian(random, N, N);
      b = DerivativeCheck.gaussian(random, N, N).muli(0.3);
      c = DerivativeCheck.gaussian(random, N, N);
      y = DerivativeCheck.gaussian(random, N, 1);
      z = DerivativeCheck.gaussian(random, N, 1);
      phi = DerivativeCheck.gaussian(random, N, 1);
      theta = DerivativeCheck.gaussian(random, N, 1);
    }

    InnerProblem inner() {
      return (tape, p) -> {
        Variable left = tape.leaf(a).matmul(p.embedder().get("phi"), false, false);
        Variable right = tape.leaf(b).matmul(p.encoder().get("theta"), false, false);
        return halfSquare(left.add(right).subtract(tape.leaf(y)));
      };
    }

    OuterProblem outer() {
      return (tape, encoder) -> {
        Variable image = tape.leaf(c).matmul(encoder.get("theta"), false, false);
        return new OuterLoss(halfSquare(image.subtract(tape.leaf(z))), Map.of());
      };
    }

    INDArray slope(INDArray at) {
      return b.transpose().mmul(a.mmul(phi).add(b.mmul(at)).sub(y));
    }

    INDArray outerSlope(INDArray at) {
      return c.transpose().mmul(c.mmul(at).sub(z));
    }

    /** Closed form of the hypergradient for S plain virtual steps. */
    INDArray expected(int steps) {
      INDArray at = theta;
      for (int s = 0; s < steps; s++) {
        at = at.sub(slope(at).mul(ALPHA));
      }
      INDArray v = outerSlope(at);
      INDArray mixed = phi.mul(0);
      for (int s = 0; s < steps; s++) {
        mixed = mixed.sub(a.transpose().mmul(b).mmul(v).mul(ALPHA));
        v = v.sub(b.transpose().mmul(b).mmul(v).mul(ALPHA));
      }
      INDArray innerGradient = a.transpose().mmul(a.mmul(phi).add(b.mmul(theta)).sub(y));
      return innerGradient.add(mixed.mul(LAMBDA));
    }
  }

  @ParameterizedTest
  @CsvSource({"EXACT, 1", "EXACT, 2", "EXACT, 5", "FINITE_DIFFERENCE, 1", "FINITE_DIFFERENCE, 3"})
  void quadraticProblemMatchesItsClosedForm(Estimator estimator, int steps) {
    Quadratic q = new Quadratic(11);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(estimator, steps), at)) {
      step.run(q.inner(), q.outer(), at, 1, gradient);
    }
    INDArray difference =
        gradient.embedder().vector().reshape(Quadratic.N, 1).sub(q.expected(steps));
    assertThat(difference.norm2Number().doubleValue()).isLessThan(1e-8);
  }

  @Test
  void gradientAlignmentTakesTheOuterGradientAtTheStart() {
    Quadratic q = new Quadratic(12);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    MetaStepOptions options =
        new MetaStepOptions(
            new Strength.Lambda(ALPHA, LAMBDA),
            Estimator.EXACT,
            new OuterPoint.Pretrained(2),
            HeadGradient.INNER);
    try (MetaStep step = new MetaStep(options, at)) {
      OuterGradient outer = step.run(q.inner(), q.outer(), at, 1, gradient).outer();
      assertThat(
              outer.v().vector().reshape(Quadratic.N, 1).sub(q.outerSlope(q.theta)).norm2Number())
          .isEqualTo(0.0);
      INDArray first = gradient.embedder().vector().dup();
      gradient.embedder().vector().assign(0);
      step.run(q.inner(), outer, at, 1, gradient);
      assertThat(gradient.embedder().vector()).isEqualTo(first);
      INDArray inner = q.a.transpose().mmul(q.a.mmul(q.phi).add(q.b.mmul(q.theta)).sub(q.y));
      INDArray mixed = q.a.transpose().mmul(q.b).mmul(q.outerSlope(q.theta)).mul(-ALPHA * LAMBDA);
      assertThat(first.reshape(Quadratic.N, 1).sub(inner.add(mixed)).norm2Number().doubleValue())
          .isLessThan(1e-10);
    }
  }

  @Test
  void anOuterGradientBehindAVirtualStepServesItsOwnBatch() {
    Quadratic q = new Quadratic(15);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, 1), at)) {
      OuterGradient outer = step.run(q.inner(), q.outer(), at, 1, gradient).outer();
      assertThatThrownBy(() -> step.run(q.inner(), outer, at, 1, gradient))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("its own target batch");
    }
  }

  @Test
  void ratioModeScalesTheMixedTermToTheInnerGradient() {
    Quadratic q = new Quadratic(13);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    MetaStepOptions ratio = options(Estimator.EXACT, 1).with(new Strength.Ratio(0.05, 0.4));
    try (MetaStep step = new MetaStep(ratio, at)) {
      MetaStepResult result = step.run(q.inner(), q.outer(), at, 1, gradient);
      assertThat(result.ratio()).isCloseTo(0.4, within(1e-12));
    }
    INDArray inner = q.a.transpose().mmul(q.a.mmul(q.phi).add(q.b.mmul(q.theta)).sub(q.y));
    INDArray mixed = gradient.embedder().vector().reshape(Quadratic.N, 1).sub(inner);
    double achieved = mixed.norm2Number().doubleValue() / inner.norm2Number().doubleValue();
    assertThat(achieved).isCloseTo(0.4, within(1e-9));
    INDArray g = q.slope(q.theta);
    INDArray moved = q.theta.sub(g.mul(0.05 / g.norm2Number().doubleValue()));
    INDArray direction = q.a.transpose().mmul(q.b).mmul(q.outerSlope(moved)).neg();
    double cosine =
        mixed.mul(direction).sumNumber().doubleValue()
            / (mixed.norm2Number().doubleValue() * direction.norm2Number().doubleValue());
    assertThat(cosine).isCloseTo(1, within(1e-9));
  }

  @Test
  void withoutTheMixedTermTheEmbedderGradientIsAnother() {
    Quadratic q = new Quadratic(14);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, 1), at)) {
      step.run(q.inner(), q.outer(), at, 1, gradient);
    }
    INDArray inner = q.a.transpose().mmul(q.a.mmul(q.phi).add(q.b.mmul(q.theta)).sub(q.y));
    double change =
        gradient.embedder().vector().reshape(Quadratic.N, 1).sub(inner).norm2Number().doubleValue()
            / inner.norm2Number().doubleValue();
    assertThat(change).isGreaterThan(0.05);
  }
}
