package dev.mona.metalearning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.finetuning.TaskStep;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
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
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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
  private final ParameterSet at = initial(DataType.DOUBLE);
  private final TaskStep taskStep = new TaskStep(network, at);
  private final Tape outerTape = new Tape(DataType.DOUBLE);
  private OuterOptions.Kind kind = OuterOptions.Kind.ALIGNMENT_UNIFORMITY;

  @AfterEach
  void close() {
    taskStep.close();
    outerTape.close();
  }

  private ParameterSet initial(DataType type) {
    ParameterSet parameters = network.zeros(type);
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
    return new MetaStepOptions(alpha, false, LAMBDA, estimator, innerSteps, true);
  }

  private ParameterSet gradient(MetaStepOptions options, ParameterSet point) {
    ParameterSet gradient = point.zeros();
    try (MetaStep step = new MetaStep(options, point)) {
      step.run(inner(), outer(), point, false, 1, gradient);
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
  private INDArray mixed(MetaStepOptions options, ParameterGroup group) {
    INDArray all = gradient(options, at).get(group).vector();
    return all.sub(innerGradient().get(group).vector());
  }

  private static double relativeError(INDArray actual, INDArray expected) {
    return actual.sub(expected).norm2Number().doubleValue() / expected.norm2Number().doubleValue();
  }

  /** theta_S after plain steps, by the step of finetuning. */
  private Parameters virtual(double... rates) {
    ParameterSet moving = new ParameterSet(at.embedder(), at.encoder().copy(), at.head());
    ParameterSet slope = at.zeros();
    for (double rate : rates) {
      slope.encoder().vector().assign(0);
      taskStep.addGradient(target, moving, List.of(ParameterGroup.ENCODER), 1, slope);
      moving.encoder().vector().subi(slope.encoder().vector().mul(rate));
    }
    return moving.encoder();
  }

  private double outerLoss(Parameters theta) {
    outerTape.reset();
    return outer().record(outerTape, Leaves.of(outerTape, theta)).total().scalar();
  }

  private double innerLoss() {
    ParameterSet unused = at.zeros();
    return taskStep.addGradient(target, at, List.of(), 1, unused);
  }

  private static double slope(INDArray vector, long element, DoubleSupplier objective) {
    double value = vector.getDouble(element);
    vector.putScalar(element, value + STEP);
    double plus = objective.getAsDouble();
    vector.putScalar(element, value - STEP);
    double minus = objective.getAsDouble();
    vector.putScalar(element, value);
    return (plus - minus) / (2 * STEP);
  }

  /** About ten elements, spread over the group's tensors. */
  private static long[] elements(INDArray vector) {
    long stride = vector.length() / 10;
    return LongStream.range(0, 10).map(i -> i * stride + i).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "ALIGNMENT_UNIFORMITY, 1",
    "ALIGNMENT_UNIFORMITY, 2",
    "ALIGNMENT_UNIFORMITY, 3",
    "SUPERVISED_CONTRASTIVE, 1"
  })
  void exactIsTheDerivativeOfTheBilevelObjective(OuterOptions.Kind outerKind, int innerSteps) {
    kind = outerKind;
    double[] rates = new double[innerSteps];
    Arrays.fill(rates, ALPHA);
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, innerSteps), at);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      INDArray vector = at.get(group).vector();
      double scale = exact.get(group).vector().norm2Number().doubleValue();
      for (long i : elements(vector)) {
        double numeric = slope(vector, i, () -> innerLoss() + LAMBDA * outerLoss(virtual(rates)));
        assertThat(exact.get(group).vector().getDouble(i))
            .as("element " + i + " of " + group)
            .isCloseTo(numeric, within(1e-5 * scale));
      }
    }
  }

  /** Nothing of the mixed term is left at strength 0, in the gradient or in the buffers. */
  @ParameterizedTest
  @EnumSource(Estimator.class)
  void atStrengthZeroTheGradientIsThatOfTheInnerLossBitForBit(Estimator estimator) {
    ParameterSet plain = innerGradient();
    for (boolean normalized : new boolean[] {false, true}) {
      ParameterSet gradient = at.zeros();
      try (MetaStep without =
              new MetaStep(new MetaStepOptions(ALPHA, normalized, 0, estimator, 1, true), at);
          MetaStep with =
              new MetaStep(new MetaStepOptions(ALPHA, normalized, 1, estimator, 1, true), at)) {
        MetaStepResult result = without.run(inner(), outer(), at, false, 1, gradient);
        MetaStepResult mixed = with.run(inner(), outer(), at, false, 1, at.zeros());
        assertThat(gradient.embedder().vector().toDoubleVector())
            .isEqualTo(plain.embedder().vector().toDoubleVector());
        assertThat(gradient.head().vector().toDoubleVector())
            .isEqualTo(plain.head().vector().toDoubleVector());
        assertThat(result.ratio()).isZero();
        assertThat(mixed.ratio()).isPositive();
        assertThat(result).usingRecursiveComparison().ignoringFields("ratio").isEqualTo(mixed);
        assertThat(without.allocated()).isLessThan(with.allocated());
      }
    }
  }

  @Test
  void withoutTheMixedTermItIsNot() {
    INDArray firstOrder = innerGradient().embedder().vector();
    INDArray exact = gradient(options(Estimator.EXACT, ALPHA, 1), at).embedder().vector();
    assertThat(relativeError(firstOrder, exact)).isGreaterThan(0.05);
    INDArray phi = at.embedder().vector();
    double worst = 0;
    for (long i : elements(phi)) {
      double numeric = slope(phi, i, () -> innerLoss() + LAMBDA * outerLoss(virtual(ALPHA)));
      worst = Math.max(worst, Math.abs(firstOrder.getDouble(i) - numeric));
    }
    assertThat(worst).isGreaterThan(1e-3 * exact.norm2Number().doubleValue());
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void finiteDifferenceAgreesWithExactInDouble(int innerSteps) {
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, innerSteps), at);
    ParameterSet other = gradient(options(Estimator.FINITE_DIFFERENCE, ALPHA, innerSteps), at);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      assertThat(relativeError(other.get(group).vector(), exact.get(group).vector()))
          .as(group.name())
          .isPositive()
          .isLessThan(1e-5);
    }
  }

  @Test
  void mixedTermsAgreeInFloat() {
    ParameterSet point = initial(DataType.FLOAT);
    ParameterSet exact = gradient(options(Estimator.EXACT, ALPHA, 1), point);
    ParameterSet other = gradient(options(Estimator.FINITE_DIFFERENCE, ALPHA, 1), point);
    for (ParameterGroup group : List.of(ParameterGroup.EMBEDDER, ParameterGroup.HEAD)) {
      INDArray inner = innerGradient().get(group).vector();
      INDArray mixed = exact.get(group).vector().castTo(DataType.DOUBLE).subi(inner);
      INDArray otherMixed = other.get(group).vector().castTo(DataType.DOUBLE).subi(inner);
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
      INDArray exact = mixed(options(Estimator.EXACT, alphas[i], 1), ParameterGroup.EMBEDDER);
      INDArray taylor =
          mixed(options(Estimator.GRADIENT_ALIGNMENT, alphas[i], 1), ParameterGroup.EMBEDDER);
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
        new MetaStepOptions(length, true, ratio, Estimator.EXACT, innerSteps, false);
    INDArray mixed = mixed(options, ParameterGroup.EMBEDDER);
    double innerNorm = innerGradient().embedder().vector().norm2Number().doubleValue();
    assertThat(mixed.norm2Number().doubleValue()).isCloseTo(ratio * innerNorm, within(1e-9));
    // the rates alpha / |g_s| are constants of the derivative
    double[] rates = new double[innerSteps];
    for (int s = 0; s < innerSteps; s++) {
      Parameters theta = virtual(Arrays.copyOf(rates, s));
      ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
      ParameterSet slope = at.zeros();
      taskStep.addGradient(target, there, List.of(ParameterGroup.ENCODER), 1, slope);
      rates[s] = length / slope.encoder().vector().norm2Number().doubleValue();
    }
    INDArray phi = at.embedder().vector();
    long[] elements = elements(phi);
    double dot = 0;
    double numericSquares = 0;
    double mixedSquares = 0;
    for (long i : elements) {
      double numeric = slope(phi, i, () -> outerLoss(virtual(rates)));
      dot += numeric * mixed.getDouble(i);
      numericSquares += numeric * numeric;
      mixedSquares += mixed.getDouble(i) * mixed.getDouble(i);
    }
    assertThat(dot / Math.sqrt(numericSquares * mixedSquares)).isCloseTo(1, within(1e-6));
  }

  @Test
  void theStepReportsWhatItMeasured() {
    ParameterSet gradient = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, ALPHA, 1), at)) {
      MetaStepResult result = step.run(inner(), outer(), at, false, 1, gradient);
      INDArray g = innerGradient().encoder().vector();
      assertThat(relativeError(gradient.encoder().vector(), g)).isLessThan(1e-12);
      assertThat(result.gradientNorm()).isCloseTo(g.norm2Number().doubleValue(), within(1e-9));
      assertThat(result.innerLoss()).isEqualTo(innerLoss());
      double outer = result.outerParts().values().stream().mapToDouble(part -> part).sum();
      assertThat(outer).isCloseTo(outerLoss(virtual(ALPHA)), within(1e-9));
      double mixedNorm =
          mixed(options(Estimator.EXACT, ALPHA, 1), ParameterGroup.EMBEDDER)
              .norm2Number()
              .doubleValue();
      double innerNorm = innerGradient().embedder().vector().norm2Number().doubleValue();
      assertThat(result.ratio()).isCloseTo(mixedNorm / innerNorm, within(1e-9));
    }
  }

  @Test
  void theWeightScalesWhatIsAdded() {
    ParameterSet whole = gradient(options(Estimator.EXACT, ALPHA, 1), at);
    ParameterSet sum = at.zeros();
    try (MetaStep step = new MetaStep(options(Estimator.EXACT, ALPHA, 1), at)) {
      step.run(inner(), outer(), at, false, 0.25, sum);
      step.run(inner(), outer(), at, false, 0.75, sum);
    }
    assertThat(relativeError(sum.embedder().vector(), whole.embedder().vector())).isLessThan(1e-12);
    assertThat(relativeError(sum.head().vector(), whole.head().vector())).isLessThan(1e-12);
  }

  @Test
  void theHeadGetsTheInnerGradientOnlyWhenAsked() {
    MetaStepOptions innerOnly =
        new MetaStepOptions(ALPHA, false, LAMBDA, Estimator.EXACT, 2, false);
    INDArray head = gradient(innerOnly, at).head().vector();
    assertThat(relativeError(head, innerGradient().head().vector())).isLessThan(1e-12);
    INDArray full = gradient(options(Estimator.EXACT, ALPHA, 2), at).head().vector();
    assertThat(relativeError(full, head)).isGreaterThan(1e-3);
  }
}
