package dev.mona.benchmark;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.encoder.Hiera;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStep;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepResult;
import dev.mona.metalearning.OuterGradient;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Strength;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.OuterOptions;
import dev.mona.objective.TaskLoss;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps with this project's own model on a device. */
final class MonaSteps implements AutoCloseable {
  private static final double ALPHA = 0.05;

  /** Of Swin. */
  private static final int HEAD_WIDTH = 32;

  private final Problem problem;
  private final Device device;
  private final Tape tape;
  private final ParameterSet parameters;
  private final ParameterSet gradient;
  private final Array source;
  private final Map<StepKind, EncoderStep> encoderSteps = new EnumMap<>(StepKind.class);
  private final InnerProblem inner;
  private final OuterProblem outer;
  private final MetaStep exact;
  private final MetaStep alignment;
  private @Nullable OuterGradient known;

  MonaSteps(Problem problem, Device device) {
    this.problem = problem;
    this.device = device;
    tape = new Tape(device);
    parameters = problem.network().zeros(device);
    parameters.embedder().assign(problem.weights(ParameterGroup.EMBEDDER));
    parameters.encoder().assign(problem.weights(ParameterGroup.ENCODER));
    parameters.head().assign(problem.weights(ParameterGroup.HEAD));
    gradient = parameters.zeros();
    Shape.Source texts = problem.shape().source();
    long width = problem.shape().encoder().width();
    source = device.of(problem.source(), (long) texts.texts() * texts.tokens(), width);
    float[] samples = problem.samples();
    float[] labels = problem.labels();
    inner =
        (t, p) ->
            TaskLoss.of(
                t, problem.network().task(), problem.network().predict(t, p, samples), labels);
    outer = outerProblem();
    exact = new MetaStep(options(new OuterPoint.Virtual(1)), parameters);
    alignment = new MetaStep(options(new OuterPoint.Pretrained(1)), parameters);
  }

  private OuterProblem outerProblem() {
    Shape.Source shape = problem.shape().source();
    int[] labels = problem.sourceLabels();
    OuterOptions options = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);
    return (t, theta) -> {
      Tokens texts = Tokens.series(t.leaf(source), shape.texts(), shape.tokens());
      Tokens encoded = problem.network().backbone().encode(t, theta, texts, null);
      Variable pooled = Pooling.MEAN.of(t, encoded);
      return OuterObjective.of(t, options, pooled, labels);
    };
  }

  private static MetaStepOptions options(OuterPoint point) {
    return new MetaStepOptions(
        new Strength.Ratio(ALPHA, 1), Estimator.EXACT, point, MetaStepOptions.HeadGradient.INNER);
  }

  /** Runs one step; returns the norm of the gradient that it is about. */
  double run(StepKind kind) {
    return switch (kind) {
      case ENCODER, SWIN, HIERA -> encoderSteps.computeIfAbsent(kind, this::encoderStep).run();
      case GRADIENT -> gradientStep();
      case EXACT -> metaStep(exact, null);
      case GRADIENT_ALIGNMENT -> metaStep(alignment, known);
    };
  }

  /** Steps of encoders alone are made when first asked for. */
  private EncoderStep encoderStep(StepKind kind) {
    Shape.Images images = problem.shape().images();
    Shape.Target target = problem.shape().target();
    return switch (kind) {
      case SWIN -> imageStep(swin(images.stageWidth()), images.swinBatch(), images.swinSide());
      case HIERA -> imageStep(hiera(images.stageWidth()), images.hieraBatch(), images.hieraSide());
      default ->
          new EncoderStep(device, problem.network().backbone(), target.batch(), 1, target.tokens());
    };
  }

  private EncoderStep imageStep(Backbone encoder, int batch, int side) {
    return new EncoderStep(device, encoder, batch, side, side);
  }

  private static SwinTransformer swin(int width) {
    int heads = width / HEAD_WIDTH;
    return new SwinTransformer(
        width, List.of(2, 2, 6, 2), List.of(heads, 2 * heads, 4 * heads, 8 * heads), 7, 1e-5);
  }

  private static HieraTransformer hiera(int width) {
    HieraTransformer tiny = Hiera.SAM2_TINY.backbone();
    return new HieraTransformer(
        width, tiny.heads(), tiny.blocks(), WindowFit.CAPPED, tiny.epsilon());
  }

  private double gradientStep() {
    tape.reset();
    clearGradient();
    LeafSet leaves = LeafSet.of(tape, parameters);
    Variable loss = inner.record(tape, leaves);
    Map<Variable, Array> wrt = new HashMap<>();
    leaves.embedder().collect(gradient.embedder(), wrt);
    leaves.encoder().collect(gradient.encoder(), wrt);
    leaves.head().collect(gradient.head(), wrt);
    tape.backward(loss, 1, wrt);
    return norm(gradient.embedder());
  }

  private double metaStep(MetaStep step, @Nullable OuterGradient reused) {
    clearGradient();
    MetaStepResult result =
        reused == null
            ? step.run(inner, outer, parameters, 1, gradient)
            : step.run(inner, reused, parameters, 1, gradient);
    known = step == alignment ? result.outer() : known;
    return norm(gradient.embedder());
  }

  /** Waits for the device: the only time in a step. */
  private double norm(Parameters values) {
    return Math.sqrt(device.vectors().dot(values.vector(), values.vector()).value());
  }

  private void clearGradient() {
    gradient.embedder().clear();
    gradient.encoder().clear();
    gradient.head().clear();
  }

  @Override
  public void close() {
    tape.close();
    parameters.close();
    gradient.close();
    source.close();
    encoderSteps.values().forEach(EncoderStep::close);
    exact.close();
    alignment.close();
  }
}
