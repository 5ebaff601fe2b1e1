package dev.mona.benchmark;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.backbone.HieraTransformer;
import dev.mona.backbone.SwinTransformer;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.Hiera;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.hypergradient.Estimator;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStep;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepResult;
import dev.mona.metalearning.OuterGradient;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Strength;
import dev.mona.network.Network;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.nn.WindowFit;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.OuterOptions;
import dev.mona.objective.TaskLoss;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The steps with this project's own model, on fixed random data. */
final class MonaSteps implements AutoCloseable {
  private static final double EPSILON = 1e-12;
  private static final double ALPHA = 0.05;

  /** Of Swin. */
  private static final int HEAD_WIDTH = 32;

  private static final long SEED = 17;

  private final Random random = new Random(SEED);
  private final Shape shape;
  private final Encoder encoder;
  private final Tape tape = new Tape(DataType.FLOAT);
  private final ParameterSet parameters;
  private final ParameterSet gradient;
  private final Map<StepKind, EncoderStep> encoderSteps = new EnumMap<>(StepKind.class);
  private final InnerProblem inner;
  private final OuterProblem outer;
  private final MetaStep exact;
  private final MetaStep alignment;
  private @Nullable OuterGradient known;

  MonaSteps(Shape shape) {
    this.shape = shape;
    encoder =
        new Bert(
            Bert.Variant.BERT,
            new TransformerShape(
                shape.encoder().width(),
                shape.encoder().layers(),
                shape.encoder().heads(),
                shape.encoder().hidden(),
                EPSILON),
            new TextTables(1, Math.max(shape.target().tokens(), shape.source().tokens()), 1, 0));
    TaskSpec task =
        TaskSpec.of(
            "benchmark",
            TaskKind.CLASSIFICATION,
            SampleShape.series(
                shape.target().channels(), shape.target().tokens() * shape.target().kernel()),
            shape.target().classes());
    Network network =
        Network.of(
            task,
            new EmbedderOptions(
                shape.target().kernel(), shape.target().tokens(), EmbedderOptions.Init.RANDOM),
            encoder);
    parameters = network.zeros(DataType.FLOAT);
    EncoderStep.initialize(parameters.embedder());
    EncoderStep.initialize(parameters.encoder());
    EncoderStep.initialize(parameters.head());
    gradient = parameters.zeros();
    float[] features = floats(shape.target().batch() * task.featureLength());
    float[] labels = new float[shape.target().batch()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % shape.target().classes();
    }
    inner = (t, p) -> TaskLoss.of(t, task, network.predict(t, p, features), labels);
    outer = outerProblem();
    exact = new MetaStep(options(new OuterPoint.Virtual(1)), parameters);
    alignment = new MetaStep(options(new OuterPoint.Pretrained(1)), parameters);
  }

  private OuterProblem outerProblem() {
    INDArray source =
        gaussian((long) shape.source().texts() * shape.source().tokens(), shape.encoder().width());
    int[] labels = new int[shape.source().texts()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / shape.source().samplesPerClass();
    }
    OuterOptions options = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);
    return (t, theta) -> {
      Tokens texts = Tokens.series(t.leaf(source), shape.source().texts(), shape.source().tokens());
      Tokens encoded = encoder.backbone().encode(t, theta, texts, null);
      Variable pooled = Pooling.MEAN.of(t, encoded);
      return OuterObjective.of(t, options, pooled, labels);
    };
  }

  private static MetaStepOptions options(OuterPoint point) {
    return new MetaStepOptions(
        new Strength.Ratio(ALPHA, 1), Estimator.EXACT, point, MetaStepOptions.HeadGradient.INNER);
  }

  /** Runs one step; returns a value that depends on all of its work. */
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
    Shape.Images images = shape.images();
    return switch (kind) {
      case SWIN ->
          new EncoderStep(
              swin(images.stageWidth()), images.swinBatch(), images.swinSide(), images.swinSide());
      case HIERA ->
          new EncoderStep(
              hiera(images.stageWidth()),
              images.hieraBatch(),
              images.hieraSide(),
              images.hieraSide());
      default ->
          new EncoderStep(encoder.backbone(), shape.target().batch(), 1, shape.target().tokens());
    };
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
    Map<Variable, INDArray> wrt = new HashMap<>();
    leaves.embedder().collect(gradient.embedder(), wrt);
    leaves.encoder().collect(gradient.encoder(), wrt);
    leaves.head().collect(gradient.head(), wrt);
    tape.backward(loss, 1, wrt);
    return gradient.embedder().vector().getDouble(0);
  }

  private double metaStep(MetaStep step, @Nullable OuterGradient reused) {
    clearGradient();
    MetaStepResult result =
        reused == null
            ? step.run(inner, outer, parameters, 1, gradient)
            : step.run(inner, reused, parameters, 1, gradient);
    known = step == alignment ? result.outer() : known;
    return gradient.embedder().vector().getDouble(0);
  }

  private void clearGradient() {
    gradient.embedder().vector().assign(0);
    gradient.encoder().vector().assign(0);
    gradient.head().vector().assign(0);
  }

  private INDArray gaussian(long... size) {
    int n = 1;
    for (long s : size) {
      n = Math.multiplyExact(n, Math.toIntExact(s));
    }
    return Nd4j.createFromArray(floats(n)).reshape('c', size);
  }

  private float[] floats(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Override
  public void close() {
    tape.close();
    encoderSteps.values().forEach(EncoderStep::close);
    exact.close();
    alignment.close();
  }
}
