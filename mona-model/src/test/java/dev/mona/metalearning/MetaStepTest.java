package dev.mona.metalearning;

import static dev.mona.metalearning.Quadratic.embedder;
import static dev.mona.metalearning.Quadratic.halfSquare;
import static dev.mona.metalearning.Quadratic.point;
import static dev.mona.metalearning.Quadratic.scalar;
import static dev.mona.metalearning.Quadratic.times;
import static dev.mona.metalearning.Quadratic.transposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Scalar;
import dev.mona.compute.Values;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.objective.OuterLoss;
import dev.mona.tensor.ParameterSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
      assertThat(embedder(gradient).at(0, 0)).isCloseTo(expected, within(1e-9));
      assertThat(result.innerLoss().value())
          .isCloseTo(0.5 * Math.pow(phi * theta - y, 2), within(1e-12));
      assertThat(result.cosine().value()).isCloseTo(Math.signum(g * moved), within(1e-12));
      assertThat(result.gradientNorm().value()).isCloseTo(Math.abs(g), within(1e-12));
      assertThat(result.outer().norm().value()).isCloseTo(Math.abs(moved), within(1e-12));
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
    assertThat(embedder(gradient).distance(q.expected(steps, ALPHA, LAMBDA))).isLessThan(1e-8);
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
      Values v = Values.of(outer.v().view("theta"));
      assertThat(v.distance(q.outerSlope(q.theta))).isLessThan(1e-12 * v.norm());
      Values first = embedder(gradient);
      gradient.embedder().clear();
      step.run(q.inner(), outer, at, 1, gradient);
      assertThat(embedder(gradient).flat()).isEqualTo(first.flat());
      Values expected = q.innerGradient().plus(-ALPHA * LAMBDA, q.mixedTerm(q.outerSlope(q.theta)));
      assertThat(first.distance(expected)).isLessThan(1e-10);
    }
  }

  @Test
  void severalSourceBatchesGiveTheMeanOfTheirGradients() {
    Quadratic q = new Quadratic(16);
    List<Quadratic> sources = Stream.of(21, 22, 23, 24).map(Quadratic::new).toList();
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    MetaStepOptions options =
        new MetaStepOptions(
            new Strength.Lambda(ALPHA, LAMBDA),
            Estimator.EXACT,
            new OuterPoint.Pretrained(1),
            HeadGradient.INNER,
            4);
    Values first = sources.get(0).outerSlope(q.theta).plus(1, sources.get(1).outerSlope(q.theta));
    Values second = sources.get(2).outerSlope(q.theta).plus(1, sources.get(3).outerSlope(q.theta));
    Values mean = first.plus(1, second).times(0.25);
    double cosine = times(transposed(first), second).at(0, 0) / (first.norm() * second.norm());
    try (MetaStep step = new MetaStep(options, at)) {
      List<OuterProblem> outer = sources.stream().map(Quadratic::outer).toList();
      OuterGradient found = step.run(q.inner(), outer, at, 1, gradient).outer();
      assertThat(Values.of(found.v().view("theta")).distance(mean)).isLessThan(1e-12 * mean.norm());
      assertThat(found.norm().value()).isCloseTo(mean.norm(), within(1e-10));
      Scalar agreement = Objects.requireNonNull(found.measures().get("outer_agreement"));
      assertThat(agreement.value()).isCloseTo(cosine, within(1e-12));
      Values expected = q.innerGradient().plus(-ALPHA * LAMBDA, q.mixedTerm(mean));
      assertThat(embedder(gradient).distance(expected)).isLessThan(1e-10);
      assertThatThrownBy(() -> step.run(q.inner(), q.outer(), at, 1, gradient))
          .hasMessage("1 source batches in place of 4");
    }
    assertThatThrownBy(
            () ->
                new MetaStepOptions(
                    options.strength(), Estimator.EXACT, options.point(), HeadGradient.INNER, 3))
        .hasMessageContaining("must be 1 or an even number");
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
      assertThat(result.ratio().value()).isCloseTo(0.4, within(1e-12));
    }
    Values mixed = embedder(gradient).plus(-1, q.innerGradient());
    assertThat(mixed.norm() / q.innerGradient().norm()).isCloseTo(0.4, within(1e-9));
    Values g = q.slope(q.theta);
    Values moved = q.theta.plus(-0.05 / g.norm(), g);
    Values direction = q.mixedTerm(q.outerSlope(moved)).times(-1);
    // vectors of one direction differ by their lengths alone
    Values other = direction.times(mixed.norm() / direction.norm());
    assertThat(mixed.distance(other)).isLessThan(1e-9 * mixed.norm());
  }

  @Test
  void withoutTheMixedTermTheEmbedderGradientIsAnother() {
    Quadratic q = new Quadratic(14);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, 1), at)) {
      step.run(q.inner(), q.outer(), at, 1, gradient);
    }
    double change = embedder(gradient).distance(q.innerGradient()) / q.innerGradient().norm();
    assertThat(change).isGreaterThan(0.05);
  }

  /** The virtual step is one of length 0, and there is nothing to scale. */
  @ParameterizedTest
  @EnumSource
  void aGradientThatVanishesDividesByNothing(Estimator estimator) {
    Quadratic q = new Quadratic(16);
    ParameterSet at = point(q.phi, q.theta);
    ParameterSet gradient = at.zeros();
    InnerProblem flat = (tape, p) -> q.inner().record(tape, p).scale(0);
    OuterProblem outer =
        (tape, encoder) -> new OuterLoss(encoder.get("theta").sum().scale(0), Map.of());
    MetaStepOptions options = options(estimator, 2).with(new Strength.Ratio(0.05, 0.4));
    try (MetaStep step = new MetaStep(options, at)) {
      MetaStepResult result = step.run(flat, outer, at, 1, gradient);
      assertThat(result.gradientNorm().value()).isZero();
      assertThat(result.cosine().value()).isZero();
      assertThat(result.ratio().value()).isZero();
      assertThat(embedder(gradient).flat()).containsOnly(0);
    }
  }
}
