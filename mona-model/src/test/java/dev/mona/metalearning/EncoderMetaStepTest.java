package dev.mona.metalearning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
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
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.OuterOptions;
import dev.mona.objective.TaskLoss;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceSampler;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The meta-step on a real encoder of two layers: the estimators against each other, and against
 * finite differences of the bilevel objective, which is evaluated here without the meta-step.
 */
class EncoderMetaStepTest {
  private static final double ALPHA = 0.4;
  private static final double LAMBDA = 0.8;
  private static final long SEED = 31;
  private static final double STEP = 1e-5;

  private final PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
  private final Network network =
      Network.of(SmallModel.task(TaskKind.CLASSIFICATION), SmallModel.EMBEDDER, weights.shape());
  private final SampleBlock target = SmallModel.samples(network.task(), 6, SEED);
  private final SourceBatch source =
      new SourceSampler(SmallModel.texts(5, 6, SEED), 4, 2, SEED).batch(0);
  private final SourceEmbedder embedder = weights.sourceEmbedder();
  private final ParameterSet at = initial(TestDevice.doubles());
  private final TaskStep taskStep = new TaskStep(network, at);
  private final Tape outerTape = new Tape(TestDevice.doubles());
  private OuterOptions.Kind kind = OuterOptions.Kind.ALIGNMENT_UNIFORMITY;

  @AfterEach
  void close() {
    taskStep.close();
    outerTape.close();
  }

  private ParameterSet initial(Device device) {
    ParameterSet parameters = network.zeros(device);
    Map<ParameterGroup, float[]> values =
        Initializer.initial(network, SmallModel.EMBEDDER, weights, SEED);
    values.forEach((group, value) -> parameters.get(group).assign(value));
    return parameters;
  }

  private InnerProblem inner() {
    return (tape, leaves) ->
        TaskLoss.of(
            tape,
            network.task(),
            network.predict(tape, leaves, target.features()),
            target.labels());
  }

  private OuterProblem outer() {
    OuterOptions options = new OuterOptions(kind, 2, 0.1);
    return (tape, encoder) ->
        OuterObjective.of(
            tape, options, network.represent(tape, encoder, embedder, source), source.labels());
  }

  private static MetaStepOptions options(Estimator estimator, double alpha, int innerSteps) {
    return options(alpha, estimator, new OuterPoint.Virtual(innerSteps));
  }

  private static MetaStepOptions options(double alpha, Estimator estimator, OuterPoint point) {
    return new MetaStepOptions(
        new Strength.Lambda(alpha, LAMBDA), estimator, point, HeadGradient.FULL);
  }

  /** Each way to take v with each way to compute the mixed term. */
  static Stream<MetaStepOptions> everyWay() {
    return Stream.of(Estimator.values())
        .flatMap(
            estimator ->
                Stream.of(new OuterPoint.Virtual(1), new OuterPoint.Pretrained(1))
                    .map(point -> options(ALPHA, estimator, point)));
  }

  private ParameterSet gradient(MetaStepOptions options, ParameterSet point) {
    ParameterSet gradient = point.zeros();
    try (MetaStep step = new MetaStep(options, point)) {
      step.run(inner(), outer(), point, 1, gradient);
    }
    return gradient;
  }

  /** Gradient of the inner loss, by the step of warm-up. */
  private ParameterSet innerGradient() {
    ParameterSet gradient = at.zeros();
    taskStep.addGradient(target, at, List.of(ParameterGroup.values()), 1, gradient);
    return gradient;
  }

  /** What the outer objective adds to the gradient of a group. */
  private Values mixed(MetaStepOptions options, ParameterGroup group) {
    return values(gradient(options, at).get(group)).plus(-1, values(innerGradient().get(group)));
  }

  private static Values values(Parameters parameters) {
    return Values.of(parameters.vector());
  }

  private static double relativeError(Values actual, Values expected) {
    return actual.distance(expected) / expected.norm();
  }

  /** theta_S after plain steps, by the step of finetuning. */
  private Parameters virtual(double... rates) {
    ParameterSet moving = new ParameterSet(at.embedder(), at.encoder().copy(), at.head());
    ParameterSet slope = at.zeros();
    for (double rate : rates) {
      slope.encoder().clear();
      taskStep.addGradient(target, moving, List.of(ParameterGroup.ENCODER), 1, slope);
      Array theta = moving.encoder().vector();
      theta.device().vectors().axpy(-rate, slope.encoder().vector(), theta);
    }
    return moving.encoder();
  }

  private double outerLoss(Parameters theta) {
    outerTape.reset();
    return outer().record(outerTape, Leaves.of(outerTape, theta)).total().scalar().value();
  }

  private double innerLoss() {
    ParameterSet unused = at.zeros();
    return taskStep.addGradient(target, at, List.of(), 1, unused).value();
  }

  private static double slope(Parameters parameters, int element, DoubleSupplier objective) {
    Values before = values(parameters);
    before.bumped(element, STEP).into(parameters.vector());
    double plus = objective.getAsDouble();
    before.bumped(element, -STEP).into(parameters.vector());
    double minus = objective.getAsDouble();
    before.into(parameters.vector());
    return (plus - minus) / (2 * STEP);
  }

  /** About ten elements, spread over the group's tensors. */
  private static int[] elements(Parameters parameters) {
    int stride = Math.toIntExact(parameters.length() / 10);
    return IntStream.range(0, 10).map(i -> i * stride + i).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "ALIGNMENT_UNIFORMITY, 1",
    "ALIGNMENT_UNIFORMITY, 2",
    "ALIGNMENT_UNIFORMITY, 3",
    "ALIGNMENT, 1",
    "UNIFORMITY, 1",
    "SUPERVISED_CONTRASTIVE, 1"
  })
  void exactIsTheDerivativeOfTheBilevelObjective(OuterOptions.Kind outerKind, int innerSteps) {
    kind = outerKind;
    double[] rates = new double[innerSteps];
    Arrays.fill(rates, ALPHA);
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, innerSteps), at);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      Values found = values(exact.get(group));
      for (int i : elements(at.get(group))) {
        double numeric =
            slope(at.get(group), i, () -> innerLoss() + LAMBDA * outerLoss(virtual(rates)));
        assertThat(found.at(i))
            .as("element " + i + " of " + group)
            .isCloseTo(numeric, within(1e-5 * found.norm()));
      }
    }
  }

  /** Nothing of the mixed term is left at strength 0, in the gradient or in the buffers. */
  @ParameterizedTest
  @MethodSource("everyWay")
  void atStrengthZeroTheGradientIsThatOfTheInnerLossBitForBit(MetaStepOptions options) {
    ParameterSet plain = innerGradient();
    for (Strength strength : List.of(new Strength.Lambda(ALPHA, 1), new Strength.Ratio(ALPHA, 1))) {
      ParameterSet gradient = at.zeros();
      try (MetaStep without = new MetaStep(options.with(strength.none()), at);
          MetaStep with = new MetaStep(options.with(strength), at)) {
        MetaStepResult result = without.run(inner(), outer(), at, 1, gradient);
        MetaStepResult mixed = with.run(inner(), outer(), at, 1, at.zeros());
        assertThat(values(gradient.embedder()).flat()).isEqualTo(values(plain.embedder()).flat());
        assertThat(values(gradient.head()).flat()).isEqualTo(values(plain.head()).flat());
        assertThat(result.ratio().value()).isZero();
        assertThat(mixed.ratio().value()).isPositive();
        assertThat(measured(result)).isEqualTo(measured(mixed)).hasSize(6);
        assertThat(values(result.outer().v()).flat()).isEqualTo(values(mixed.outer().v()).flat());
        assertThat(without.allocated()).isLessThan(with.allocated());
      }
    }
  }

  /** All numbers but the ratio. */
  private static List<Double> measured(MetaStepResult result) {
    OuterGradient outer = result.outer();
    return Stream.concat(
            Stream.of(result.innerLoss(), result.cosine(), result.gradientNorm(), outer.norm()),
            outer.parts().values().stream())
        .map(Scalar::value)
        .toList();
  }

  @Test
  void withoutTheMixedTermItIsNot() {
    Values firstOrder = values(innerGradient().embedder());
    Values exact = values(gradient(options(Estimator.EXACT, ALPHA, 1), at).embedder());
    assertThat(relativeError(firstOrder, exact)).isGreaterThan(0.05);
    Parameters phi = at.embedder();
    double worst = 0;
    for (int i : elements(phi)) {
      double numeric = slope(phi, i, () -> innerLoss() + LAMBDA * outerLoss(virtual(ALPHA)));
      worst = Math.max(worst, Math.abs(firstOrder.at(i) - numeric));
    }
    assertThat(worst).isGreaterThan(1e-3 * exact.norm());
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void finiteDifferenceAgreesWithExactInDouble(int innerSteps) {
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, innerSteps), at);
    ParameterSet other = gradient(options(Estimator.FINITE_DIFFERENCE, ALPHA, innerSteps), at);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      assertThat(relativeError(values(other.get(group)), values(exact.get(group))))
          .as(group.name())
          .isPositive()
          .isLessThan(1e-5);
    }
  }

  @Test
  void mixedTermsAgreeInFloat() {
    ParameterSet point = initial(TestDevice.floats());
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, 1), point);
    ParameterSet other = gradient(options(Estimator.FINITE_DIFFERENCE, ALPHA, 1), point);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      Values inner = values(innerGradient().get(group));
      Values mixed = values(exact.get(group)).plus(-1, inner);
      Values otherMixed = values(other.get(group)).plus(-1, inner);
      assertThat(relativeError(otherMixed, mixed)).as(group.name()).isLessThan(1e-2);
      assertThat(relativeError(mixed, mixed(options(Estimator.EXACT, ALPHA, 1), group)))
          .as(group + " in float against double")
          .isLessThan(1e-3);
    }
  }

  @Test
  void gradientAlignmentBecomesExactAsTheVirtualStepVanishes() {
    double[] errors = new double[3];
    double[] alphas = {1e-1, 1e-2, 1e-3};
    for (int i = 0; i < alphas.length; i++) {
      Values exact = mixed(options(Estimator.EXACT, alphas[i], 1), ParameterGroup.EMBEDDER);
      Values taylor =
          mixed(
              options(alphas[i], Estimator.EXACT, new OuterPoint.Pretrained(1)),
              ParameterGroup.EMBEDDER);
      errors[i] = relativeError(taylor, exact);
    }
    assertThat(errors[0]).isGreaterThan(1e-3);
    assertThat(errors[2]).isLessThan(0.02);
    // first order in alpha
    assertThat(errors[1] / errors[2]).isBetween(9.0, 11.0);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void ratioModeMovesAlongTheDerivativeWithFixedLengths(int innerSteps) {
    double length = 0.05;
    double ratio = 0.6;
    MetaStepOptions options =
        new MetaStepOptions(
            new Strength.Ratio(length, ratio),
            Estimator.EXACT,
            new OuterPoint.Virtual(innerSteps),
            HeadGradient.INNER);
    Values mixed = mixed(options, ParameterGroup.EMBEDDER);
    double innerNorm = values(innerGradient().embedder()).norm();
    assertThat(mixed.norm()).isCloseTo(ratio * innerNorm, within(1e-9));
    // the rates alpha / |g_s| are constants of the derivative
    double[] rates = new double[innerSteps];
    for (int s = 0; s < innerSteps; s++) {
      Parameters theta = virtual(Arrays.copyOf(rates, s));
      ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
      ParameterSet slope = at.zeros();
      taskStep.addGradient(target, there, List.of(ParameterGroup.ENCODER), 1, slope);
      rates[s] = length / values(slope.encoder()).norm();
    }
    Parameters phi = at.embedder();
    double dot = 0;
    double numericSquares = 0;
    double mixedSquares = 0;
    for (int i : elements(phi)) {
      double numeric = slope(phi, i, () -> outerLoss(virtual(rates)));
      dot += numeric * mixed.at(i);
      numericSquares += numeric * numeric;
      mixedSquares += mixed.at(i) * mixed.at(i);
    }
    assertThat(dot / Math.sqrt(numericSquares * mixedSquares)).isCloseTo(1, within(1e-6));
  }

  @Test
  void theStepReportsWhatItMeasured() {
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, ALPHA, 1), at)) {
      MetaStepResult result = step.run(inner(), outer(), at, 1, gradient);
      Values g = values(innerGradient().encoder());
      assertThat(relativeError(values(gradient.encoder()), g)).isLessThan(1e-12);
      assertThat(result.gradientNorm().value()).isCloseTo(g.norm(), within(1e-9));
      assertThat(result.innerLoss().value()).isEqualTo(innerLoss());
      double outer = result.outer().parts().values().stream().mapToDouble(Scalar::value).sum();
      assertThat(outer).isCloseTo(outerLoss(virtual(ALPHA)), within(1e-9));
      double mixedNorm = mixed(options(Estimator.EXACT, ALPHA, 1), ParameterGroup.EMBEDDER).norm();
      double innerNorm = values(innerGradient().embedder()).norm();
      assertThat(result.ratio().value()).isCloseTo(mixedNorm / innerNorm, within(1e-9));
    }
  }

  @Test
  void theWeightScalesWhatIsAdded() {
    ParameterSet whole = gradient(options(Estimator.EXACT, ALPHA, 1), at);
    ParameterSet sum = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, ALPHA, 1), at)) {
      step.run(inner(), outer(), at, 0.25, sum);
      step.run(inner(), outer(), at, 0.75, sum);
    }
    assertThat(relativeError(values(sum.embedder()), values(whole.embedder()))).isLessThan(1e-12);
    assertThat(relativeError(values(sum.head()), values(whole.head()))).isLessThan(1e-12);
  }

  @Test
  void theHeadGetsTheInnerGradientOnlyWhenAsked() {
    MetaStepOptions innerOnly =
        new MetaStepOptions(
            new Strength.Lambda(ALPHA, LAMBDA),
            Estimator.EXACT,
            new OuterPoint.Virtual(2),
            HeadGradient.INNER);
    Values head = values(gradient(innerOnly, at).head());
    assertThat(relativeError(head, values(innerGradient().head()))).isLessThan(1e-12);
    Values full = values(gradient(options(Estimator.EXACT, ALPHA, 2), at).head());
    assertThat(relativeError(full, head)).isGreaterThan(1e-3);
  }
}
