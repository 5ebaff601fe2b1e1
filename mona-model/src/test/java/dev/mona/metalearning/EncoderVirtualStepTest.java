package dev.mona.metalearning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.finetuning.TaskStep;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.OuterOptions;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSampler;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The options of the virtual step on a real encoder of two layers, against finite differences of
 * the bilevel objective. It is evaluated here without the meta-step; Adam's diagonal is made here
 * too, and held where phi and h are moved.
 */
class EncoderVirtualStepTest {
  private static final double LAMBDA = 0.8;
  private static final double DECAY = 0.95;
  private static final double EPSILON = 1e-4;
  private static final long SEED = 31;
  private static final double STEP = 1e-5;

  private final PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
  private final Network network =
      Network.of(SmallModel.task(TaskKind.CLASSIFICATION), SmallModel.EMBEDDER, weights.shape());
  private final SampleBlock samples = SmallModel.samples(network.task(), 20, SEED);
  private final SourceBatch source =
      new SourceSampler(SmallModel.texts(5, 6, SEED), 4, 2, SEED).batch(0);
  private final SourceEmbedder embedder = weights.sourceEmbedder();
  private final ParameterSet at = network.zeros(TestDevice.doubles());
  private final TaskStep taskStep = new TaskStep(network, at);
  private final Tape outerTape = new Tape(TestDevice.doubles());
  private final Array state = TestDevice.doubles().zeros(at.encoder().length() + 1);

  @BeforeEach
  void start() {
    Map<ParameterGroup, float[]> values =
        Initializer.initial(network, SmallModel.EMBEDDER, weights, SEED);
    values.forEach((group, value) -> at.get(group).assign(value));
    Random random = new Random(SEED);
    double[] seen = new double[Math.toIntExact(state.length())];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = 1e-3 * random.nextDouble();
    }
    seen[seen.length - 1] = 1 - Math.pow(DECAY, 4);
    new Values(seen, seen.length).into(state);
  }

  @AfterEach
  void close() {
    taskStep.close();
    outerTape.close();
    state.close();
    at.close();
  }

  private SampleBlock batch(int number) {
    return samples.select(IntStream.range(5 * number, 5 * number + 5).toArray());
  }

  private InnerProblem problem(int number) {
    SampleBlock batch = batch(number);
    return (tape, leaves) -> TaskStep.loss(network, tape, leaves, batch, Dropout.NONE);
  }

  private OuterProblem outer() {
    OuterOptions options = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);
    return (tape, encoder) ->
        OuterObjective.of(
            tape, options, network.represent(tape, encoder, embedder, source), source.labels());
  }

  /** What a case of the tests turns on. */
  private record Case(
      Estimator estimator, boolean preconditioned, boolean heldOut, int steps, boolean newBatches) {
    double alpha() {
      return preconditioned ? 3e-3 : 0.4;
    }

    MetaStepOptions options(HeadGradient head) {
      MetaStepOptions plain =
          new MetaStepOptions(
              new Strength.Lambda(alpha(), LAMBDA),
              estimator,
              new OuterPoint.Virtual(steps, newBatches),
              head);
      MetaStepOptions options = heldOut ? plain.with(new OuterData.HeldOut()) : plain;
      return preconditioned ? options.with(new Preconditioning(DECAY, EPSILON)) : options;
    }

    int batch(int step) {
      return newBatches ? step : 0;
    }
  }

  private ParameterSet gradient(MetaStepOptions options, Case of) {
    ParameterSet gradient = at.zeros();
    List<InnerProblem> inner = new ArrayList<>();
    for (int b = 0; b < options.point().batches(); b++) {
      inner.add(problem(of.batch(b)));
    }
    OuterSide side =
        of.heldOut ? new OuterSide.HeldOut(problem(3)) : new OuterSide.Source(List.of(outer()));
    try (MetaStep step = new MetaStep(options, at, () -> state)) {
      step.run(inner, side, at, 1, gradient);
    }
    return gradient;
  }

  private Values slope(int batch, Parameters theta) {
    ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
    ParameterSet slope = at.zeros();
    taskStep.addGradient(batch(batch), there, List.of(ParameterGroup.ENCODER), 1, slope);
    return Values.of(slope.encoder().vector());
  }

  private double[] diagonal(Case of) {
    double[] diagonal = new double[Math.toIntExact(at.encoder().length())];
    Arrays.fill(diagonal, 1);
    if (of.preconditioned) {
      double[] seen = Values.of(state).flat();
      double[] g = slope(0, at.encoder()).flat();
      double correction = DECAY * seen[g.length] + 1 - DECAY;
      for (int i = 0; i < g.length; i++) {
        double s = DECAY * seen[i] + (1 - DECAY) * g[i] * g[i];
        diagonal[i] = 1 / (Math.sqrt(s / correction) + EPSILON);
      }
    }
    return diagonal;
  }

  /** L_inner + lambda L_outer behind the virtual steps. */
  private double objective(Case of, double[] diagonal) {
    ParameterSet moved = new ParameterSet(at.embedder(), at.encoder().copy(), at.head());
    for (int s = 0; s < of.steps; s++) {
      double[] along = slope(of.batch(s), moved.encoder()).flat();
      double[] theta = Values.of(moved.encoder().vector()).flat();
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= of.alpha() * diagonal[i] * along[i];
      }
      new Values(theta, theta.length).into(moved.encoder().vector());
    }
    return loss(0, at) + LAMBDA * (of.heldOut ? loss(3, moved) : outerLoss(moved.encoder()));
  }

  private double loss(int batch, ParameterSet there) {
    ParameterSet unused = at.zeros();
    return taskStep.addGradient(batch(batch), there, List.of(), 1, unused).value();
  }

  private double outerLoss(Parameters theta) {
    outerTape.reset();
    return outer().record(outerTape, Leaves.of(outerTape, theta)).total().scalar().value();
  }

  private static double slope(Parameters parameters, int element, DoubleSupplier objective) {
    Values before = Values.of(parameters.vector());
    before.bumped(element, STEP).into(parameters.vector());
    double plus = objective.getAsDouble();
    before.bumped(element, -STEP).into(parameters.vector());
    double minus = objective.getAsDouble();
    before.into(parameters.vector());
    return (plus - minus) / (2 * STEP);
  }

  @ParameterizedTest
  @CsvSource({
    "EXACT, true, false, 1, false",
    "EXACT, true, false, 3, false",
    "EXACT, true, false, 2, true",
    "FINITE_DIFFERENCE, true, false, 1, false",
    "EXACT, false, false, 3, true",
    "EXACT, false, true, 1, false",
    "EXACT, false, true, 2, false",
    "EXACT, true, true, 3, true",
    "FINITE_DIFFERENCE, false, true, 1, false",
    "FINITE_DIFFERENCE, true, true, 1, false"
  })
  void theGradientIsTheDerivativeOfTheBilevelObjective(
      Estimator estimator, boolean preconditioned, boolean heldOut, int steps, boolean newBatches) {
    Case of = new Case(estimator, preconditioned, heldOut, steps, newBatches);
    ParameterSet found = gradient(of.options(HeadGradient.FULL), of);
    double[] diagonal = diagonal(of);
    double mixed = 0;
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      Values values = Values.of(found.get(group).vector());
      int stride = values.flat().length / 6;
      for (int e = 0; e < 6; e++) {
        int i = e * stride + e;
        double numeric = slope(at.get(group), i, () -> objective(of, diagonal));
        assertThat(values.flat()[i])
            .as("element " + i + " of " + group)
            .isCloseTo(numeric, within(2e-5 * values.norm()));
        double inner = slope(at.get(group), i, () -> loss(0, at));
        mixed = Math.max(mixed, Math.abs(values.flat()[i] - inner) / values.norm());
      }
    }
    assertThat(mixed).as("what the outer objective adds").isGreaterThan(1e-3);
  }

  /** In mode ratio what the held-out batch says directly is scaled with the mixed term. */
  @Test
  void inModeRatioTheWholeOuterGradientIsScaled() {
    Case of = new Case(Estimator.EXACT, false, true, 1, false);
    MetaStepOptions lambda = of.options(HeadGradient.INNER);
    double g = slope(0, at.encoder()).norm();
    MetaStepOptions ratio = lambda.with(new Strength.Ratio(of.alpha() * g, 0.6));
    ParameterSet plain = at.zeros();
    taskStep.addGradient(batch(0), at, List.of(ParameterGroup.values()), 1, plain);
    Values inner = Values.of(plain.embedder().vector());
    Values byLambda = Values.of(gradient(lambda, of).embedder().vector()).plus(-1, inner);
    ParameterSet all = gradient(ratio, of);
    Values byRatio = Values.of(all.embedder().vector()).plus(-1, inner);
    assertThat(byRatio.norm()).isCloseTo(0.6 * inner.norm(), within(1e-9));
    Values expected = byLambda.times(byRatio.norm() / byLambda.norm());
    assertThat(byRatio.distance(expected)).isLessThan(1e-8 * expected.norm());
    // the head keeps its inner gradient
    Values head = Values.of(plain.head().vector());
    assertThat(Values.of(all.head().vector()).distance(head)).isLessThan(1e-12 * head.norm());
  }

  @Test
  void atStrengthZeroTheHeldOutBatchIsMeasuredAlone() {
    Case of = new Case(Estimator.EXACT, true, true, 1, false);
    MetaStepOptions options = of.options(HeadGradient.FULL);
    ParameterSet plain = at.zeros();
    taskStep.addGradient(batch(0), at, List.of(ParameterGroup.values()), 1, plain);
    ParameterSet found = gradient(options.with(options.strength().none()), of);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      assertThat(Values.of(found.get(group).vector()).flat())
          .isEqualTo(Values.of(plain.get(group).vector()).flat());
    }
    double[] diagonal = diagonal(of);
    try (MetaStep step = new MetaStep(options, at, () -> state)) {
      MetaStepResult result =
          step.run(List.of(problem(0)), new OuterSide.HeldOut(problem(3)), at, 1, at.zeros());
      double heldOut = (objective(of, diagonal) - loss(0, at)) / LAMBDA;
      assertThat(result.outer().measures()).containsOnlyKeys("held_out_loss");
      assertThat(result.outer().measures().values().iterator().next().value())
          .isCloseTo(heldOut, within(1e-9));
    }
  }

  /** In the middle of a run, and at its first step, where D is 1 / |g|. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exactAndFiniteDifferenceAgreeInFloat(boolean first) {
    Device floats = TestDevice.floats();
    ParameterSet point = network.zeros(floats);
    Map<ParameterGroup, float[]> values =
        Initializer.initial(network, SmallModel.EMBEDDER, weights, SEED);
    values.forEach((group, value) -> point.get(group).assign(value));
    List<Values> found = new ArrayList<>();
    for (Estimator estimator : Estimator.values()) {
      Case of = new Case(estimator, true, false, 1, false);
      MetaStepOptions options = of.options(HeadGradient.INNER);
      if (first) {
        options = options.with(new Preconditioning(0.999, 1e-8));
      }
      float[] known = first ? new float[Math.toIntExact(state.length())] : state.toFloats();
      ParameterSet gradient = point.zeros();
      try (Array seen = floats.of(known, state.length());
          MetaStep step = new MetaStep(options, point, () -> seen)) {
        step.run(problem(0), outer(), point, 1, gradient);
      }
      ParameterSet plain = at.zeros();
      taskStep.addGradient(batch(0), at, List.of(ParameterGroup.EMBEDDER), 1, plain);
      Values inner = Values.of(plain.embedder().vector());
      found.add(Values.of(gradient.embedder().vector()).plus(-1, inner));
    }
    assertThat(found.get(1).distance(found.get(0)) / found.get(0).norm()).isLessThan(2e-2);
  }

  @Test
  void refusesWhatDoesNotFitItsOptions() {
    Case of = new Case(Estimator.EXACT, false, true, 2, true);
    try (MetaStep step = new MetaStep(of.options(HeadGradient.INNER), at)) {
      OuterSide heldOut = new OuterSide.HeldOut(problem(3));
      assertThatThrownBy(() -> step.run(List.of(problem(0)), heldOut, at, 1, at.zeros()))
          .hasMessage("1 target batches in place of 2");
      OuterSide other = new OuterSide.Source(List.of(outer()));
      assertThatThrownBy(() -> step.run(List.of(problem(0), problem(1)), other, at, 1, at.zeros()))
          .hasMessageContaining("is not what the options say");
    }
    MetaStepOptions early =
        new MetaStepOptions(
            new Strength.Lambda(1, 1),
            Estimator.EXACT,
            new OuterPoint.Pretrained(1),
            HeadGradient.INNER);
    assertThatThrownBy(() -> early.with(new OuterData.HeldOut()))
        .hasMessageContaining("take it behind a virtual step");
  }
}
