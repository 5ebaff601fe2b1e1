package dev.mona.metalearning;

import static dev.mona.metalearning.Quadratic.N;
import static dev.mona.metalearning.Quadratic.embedder;
import static dev.mona.metalearning.Quadratic.point;
import static dev.mona.metalearning.Quadratic.scaled;
import static dev.mona.metalearning.Quadratic.times;
import static dev.mona.metalearning.Quadratic.transposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.hypergradient.Estimator;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.tensor.ParameterSet;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Virtual steps by Adam's diagonal against closed forms. */
class PreconditionedStepTest {
  private static final double ALPHA = 0.02;
  private static final double LAMBDA = 0.7;
  private static final double DECAY = 0.9;
  private static final double EPSILON = 1e-3;

  private final Quadratic q = new Quadratic(11);
  private final ParameterSet at = point(q.phi, q.theta);
  private final ParameterSet gradient = at.zeros();
  private final Array state = TestDevice.doubles().zeros(N + 1);

  @AfterEach
  void close() {
    at.close();
    gradient.close();
    state.close();
  }

  private static MetaStepOptions options(Estimator estimator, OuterPoint point) {
    return new MetaStepOptions(
            new Strength.Lambda(ALPHA, LAMBDA), estimator, point, HeadGradient.INNER)
        .with(new Preconditioning(DECAY, EPSILON));
  }

  private MetaStep step(MetaStepOptions options) {
    return new MetaStep(options, at, () -> state);
  }

  private Values squares() {
    Values all = Values.of(state);
    double[] flat = new double[N];
    for (int i = 0; i < N; i++) {
      flat[i] = all.flat()[i];
    }
    return new Values(flat, N, 1);
  }

  private double count() {
    return Values.of(state).flat()[N];
  }

  /** As after some steps. */
  private void seen() {
    Random random = new Random(3);
    double[] flat = new double[N + 1];
    for (int i = 0; i < N; i++) {
      flat[i] = 4 * random.nextDouble();
    }
    flat[N] = 1 - Math.pow(DECAY, 7);
    new Values(flat, N + 1).into(state);
  }

  /** Adam's diagonal once it has seen g. */
  private Values diagonal(Values g) {
    double[] flat = new double[N];
    double correction = DECAY * count() + 1 - DECAY;
    for (int i = 0; i < N; i++) {
      double s = DECAY * squares().at(i, 0) + (1 - DECAY) * g.at(i, 0) * g.at(i, 0);
      flat[i] = 1 / (Math.sqrt(s / correction) + EPSILON);
    }
    return new Values(flat, N, 1);
  }

  @ParameterizedTest
  @CsvSource({"EXACT, 1", "EXACT, 2", "EXACT, 5", "FINITE_DIFFERENCE, 1", "FINITE_DIFFERENCE, 3"})
  void quadraticProblemMatchesItsClosedForm(Estimator estimator, int steps) {
    seen();
    Values diagonal = diagonal(q.slope(q.theta));
    try (MetaStep step = step(options(estimator, new OuterPoint.Virtual(steps)))) {
      MetaStepResult result = step.run(q.inner(), q.outer(), at, 1, gradient);
      Values g = q.slope(q.theta);
      Values along = scaled(diagonal, g);
      assertThat(result.gradientNorm().value()).isCloseTo(g.norm(), within(1e-12));
      if (steps == 1) {
        Values v = q.outerSlope(q.theta.plus(-ALPHA, along));
        double cosine = times(transposed(along), v).at(0, 0) / (along.norm() * v.norm());
        assertThat(result.cosine().value()).isCloseTo(cosine, within(1e-12));
      }
    }
    Values expected = q.expected(steps, ALPHA, LAMBDA, diagonal);
    assertThat(embedder(gradient).distance(expected)).isLessThan(1e-8 * expected.norm());
    double plain = q.expected(steps, ALPHA, LAMBDA).distance(expected);
    assertThat(plain).isGreaterThan(1e-3 * expected.norm());
  }

  @Test
  void gradientAlignmentPullsBackWhatTheDiagonalMakesOfV() {
    seen();
    Values diagonal = diagonal(q.slope(q.theta));
    try (MetaStep step = step(options(Estimator.EXACT, new OuterPoint.Pretrained(2)))) {
      Values v = q.outerSlope(q.theta);
      Values along = scaled(diagonal, q.slope(q.theta));
      for (int turn = 0; turn < 2; turn++) {
        gradient.embedder().clear();
        MetaStepResult result = step.run(q.inner(), q.outer(), at, 1, gradient);
        double cosine = times(transposed(along), v).at(0, 0) / (along.norm() * v.norm());
        assertThat(result.cosine().value()).isCloseTo(cosine, within(1e-12));
        gradient.embedder().clear();
        // v stays what it was
        step.run(q.inner(), result.outer(), at, 1, gradient);
        Values expected = q.innerGradient().plus(-ALPHA * LAMBDA, q.mixedTerm(scaled(diagonal, v)));
        assertThat(embedder(gradient).distance(expected)).isLessThan(1e-10 * expected.norm());
      }
    }
  }

  /** Of Adam with rate alpha: every parameter moves by alpha. */
  @Test
  void theFirstStepIsAsLongAsThatOfTheOptimizer() {
    MetaStepOptions options =
        options(Estimator.EXACT, new OuterPoint.Virtual(1)).with(new Preconditioning(0.999, 1e-12));
    try (MetaStep step = step(options)) {
      step.run(q.inner(), q.outer(), at, 1, gradient);
      Values signs = q.slope(q.theta).map(Math::signum);
      assertThat(signs.norm()).isCloseTo(Math.sqrt(N), within(1e-12));
      Values v = q.outerSlope(q.theta.plus(-ALPHA, signs));
      Values along = scaled(q.slope(q.theta).map(x -> 1 / Math.abs(x)), v);
      Values expected = q.innerGradient().plus(-ALPHA * LAMBDA, q.mixedTerm(along));
      assertThat(embedder(gradient).distance(expected)).isLessThan(1e-7 * expected.norm());
    }
  }

  @Test
  void inModeRatioTheScaledStepHasTheLength() {
    seen();
    MetaStepOptions options =
        options(Estimator.EXACT, new OuterPoint.Virtual(1)).with(new Strength.Ratio(0.05, 0.4));
    try (MetaStep step = step(options)) {
      MetaStepResult result = step.run(q.inner(), q.outer(), at, 1, gradient);
      assertThat(result.ratio().value()).isCloseTo(0.4, within(1e-12));
    }
    Values diagonal = diagonal(q.slope(q.theta));
    Values along = scaled(diagonal, q.slope(q.theta));
    Values v = q.outerSlope(q.theta.plus(-0.05 / along.norm(), along));
    Values direction = q.mixedTerm(scaled(diagonal, v)).times(-1);
    Values mixed = embedder(gradient).plus(-1, q.innerGradient());
    Values expected = direction.times(0.4 * q.innerGradient().norm() / direction.norm());
    assertThat(mixed.distance(expected)).isLessThan(1e-9 * mixed.norm());
  }

  /** Once a step, by the mean over its batches; not by a step that is dropped. */
  @Test
  void theStateIsTheRunningMeanOfSquares() {
    Quadratic other = new Quadratic(12);
    Values residual = times(other.a, q.phi).plus(1, times(other.b, q.theta)).plus(-1, other.y);
    Values second = times(transposed(other.b), residual);
    Values expected = q.theta.times(0);
    try (MetaStep step = step(options(Estimator.EXACT, new OuterPoint.Virtual(1)))) {
      for (int t = 1; t <= 4; t++) {
        step.begin();
        step.run(q.inner(), q.outer(), at, 0.25, gradient);
        step.run(other.inner(), q.outer(), at, 0.75, gradient);
        if (t == 2) {
          continue;
        }
        step.commit();
        Values squares = q.slope(q.theta).map(x -> x * x).times(0.25);
        squares = squares.plus(0.75, second.map(x -> x * x));
        expected = expected.times(DECAY).plus(1 - DECAY, squares);
        assertThat(squares().distance(expected)).isLessThan(1e-12 * expected.norm());
      }
    }
    assertThat(count()).isCloseTo(1 - Math.pow(DECAY, 3), within(1e-12));
  }

  /** The second batch of a step does not see the first one's gradient. */
  @Test
  void theBatchesOfAStepDoNotDependOnEachOther() {
    seen();
    Quadratic other = new Quadratic(12);
    try (MetaStep step = step(options(Estimator.EXACT, new OuterPoint.Virtual(1)))) {
      step.begin();
      step.run(q.inner(), q.outer(), at, 1, gradient);
      Values alone = embedder(gradient);
      step.begin();
      step.run(other.inner(), q.outer(), at, 0.5, gradient);
      gradient.embedder().clear();
      step.run(q.inner(), q.outer(), at, 1, gradient);
      assertThat(embedder(gradient).flat()).isEqualTo(alone.flat());
    }
  }

  /** A mean of states is the state that has seen the mean of their squares. */
  @Test
  void theBiasIsCorrectedInAMeanOfStates() {
    try (MetaStep step = step(options(Estimator.EXACT, new OuterPoint.Virtual(1)))) {
      // of one worker that took a step, and one that had no samples left
      step.begin();
      step.run(q.inner(), q.outer(), at, 1, gradient);
      step.commit();
      Values mean = Values.of(state).times(0.5);
      assertThat(mean.flat()[N]).isCloseTo((1 - DECAY) / 2, within(1e-12));
      Values g = q.slope(q.theta);
      for (int i = 0; i < N; i++) {
        double corrected = mean.flat()[i] / mean.flat()[N];
        assertThat(corrected).isCloseTo(g.at(i, 0) * g.at(i, 0), within(1e-9));
      }
    }
  }

  @Test
  void aStepWithoutItsStateSaysSo() {
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, new OuterPoint.Virtual(1)), at)) {
      assertThatThrownBy(() -> step.run(q.inner(), q.outer(), at, 1, gradient))
          .hasMessage("a preconditioned step needs a state");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1e-8", "-0.1, 1e-8", "NaN, 1e-8", "0.9, 0", "0.9, NaN", "0.9, Infinity"})
  void refusesWhatIsNoDiagonal(double decay, double epsilon) {
    assertThatThrownBy(() -> new Preconditioning(decay, epsilon))
        .hasMessageContaining("must be in [0, 1), and its epsilon");
  }
}
