package dev.mona.learner;

import dev.mona.finetuning.TaskStep;
import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.metalearning.MetaStep;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepResult;
import dev.mona.network.Network;
import dev.mona.nn.Dropout;
import dev.mona.objective.OuterObjective;
import dev.mona.objective.TaskLoss;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.GradientClipping;
import dev.mona.optimizer.LearningRate;
import dev.mona.random.SplitMix64;
import dev.mona.source.SourceBatch;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * MoNA's learner. Metrics of a round: {@code loss} (mean over examples of the task loss, or of the
 * transport distance of their batches) and {@code gradient_norm} (before clipping); in the bilevel
 * alignment also those of {@link MetaStepResult}. Where steps are dropped, theirs are left out, and
 * {@link #DROPPED_STEPS} says how many.
 */
public final class MonaLearner implements Learner {
  private static final long DROPOUT = 6;

  private final FrozenModel frozen;
  private final LocalModel model;
  private final TaskStep taskStep;
  private @Nullable MetaStep metaStep;
  private @Nullable TransportStep transportStep;

  public MonaLearner(FrozenModel frozen) {
    this.frozen = frozen;
    LearnerOptions options = frozen.options();
    model = new LocalModel(frozen.network(), frozen.pretrained().encoder(), options.scope());
    taskStep = new TaskStep(frozen.network(), model.parameters);
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, SampleBlock block) {
    return run(work, state, block, () -> {});
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, SampleBlock block, Runnable step) {
    LearnerOptions options = frozen.options();
    StageOptions stage = options.stage(work.stage());
    FlatOptimizer optimizer = FlatOptimizer.of(stage.optimizer());
    LearningRate rate = new LearningRate(stage.optimizer().learningRate(), stage.schedule());
    int[] order = SampleOrder.order(options.seed(), work.stage(), work.epoch(), block.ids());
    int perStep = stage.batchSize() * stage.accumulation();
    MetricSums metrics = new MetricSums();
    model.load(work.stage(), state.parameters());
    model.loadMoments(work.stage(), optimizer, state.moments());
    long iteration = state.iteration();
    long examples = 0;
    for (int k = 0; k < work.steps(); k++) {
      requireNotInterrupted(k);
      int from = Math.multiplyExact(work.firstStep() + k, perStep);
      int to = Math.min(order.length, from + perStep);
      if (from >= to) {
        break;
      }
      MetricSums measured = new MetricSums();
      model.clearGradient(work.stage());
      for (int at = from; at < to; at += stage.batchSize()) {
        int end = Math.min(to, at + stage.batchSize());
        SampleBlock batch = block.select(Arrays.copyOfRange(order, at, end));
        options
            .augmentation()
            .apply(batch, options.task(), options.seed(), work.stage(), work.epoch());
        addGradient(work, k, at == from, batch, (double) (end - at) / (to - from), measured);
      }
      measured.add("gradient_norm", clip(work.stage(), stage.clipNorm()), 1);
      boolean skips = options.nonFinite() == NonFinite.SKIP;
      boolean dropped = skips && !(measured.isFinite("loss") && measured.isFinite("gradient_norm"));
      if (!dropped) {
        metrics.add(measured);
        double learningRate = rate.at(iteration, work.stepsPerEpoch());
        model.step(options.stepped(work.stage()), optimizer, iteration, learningRate);
      }
      if (skips) {
        metrics.add(DROPPED_STEPS, dropped ? 1 : 0, 1);
      }
      iteration++;
      examples += to - from;
      step.run();
    }
    if (examples == 0) {
      return metrics.result(work.partition(), 0, state);
    }
    return metrics.result(
        work.partition(), examples, model.save(work.stage(), optimizer, iteration));
  }

  /** Spark cancels a task by an interrupt, and a round is long. The flag stays set. */
  private static void requireNotInterrupted(int steps) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted after " + steps + " local steps");
    }
  }

  private void addGradient(
      RoundWork work, int k, boolean first, SampleBlock batch, double weight, MetricSums metrics) {
    if (work.stage() == Stage.ALIGNMENT) {
      switch (frozen.options().alignment().objective()) {
        case BILEVEL -> addMetaGradient(work, k, first, batch, weight, metrics);
        case TRANSPORT -> {
          double distance =
              transportStep().addGradient(batch, model.parameters, weight, model.gradient);
          metrics.add("loss", distance, batch.size());
        }
      }
      return;
    }
    double loss =
        taskStep.addGradient(
            batch,
            model.parameters,
            work.stage().trained(),
            frozen.options().scope()::trains,
            dropout(work, batch),
            weight,
            model.gradient);
    metrics.add("loss", loss, batch.size());
  }

  /** Of each sample once an epoch; the same wherever the sample is seen. */
  private Dropout dropout(RoundWork work, SampleBlock batch) {
    double rate = frozen.options().dropout();
    if (rate == 0 || work.stage() != Stage.FINETUNING) {
      return Dropout.NONE;
    }
    long prefix = SplitMix64.hash(frozen.options().seed(), DROPOUT, work.epoch());
    long[] keys = Arrays.stream(batch.ids()).map(id -> SplitMix64.then(prefix, id)).toArray();
    return new Dropout(rate, keys);
  }

  private TransportStep transportStep() {
    TransportStep step = transportStep;
    if (step == null) {
      step = new TransportStep(frozen.network(), frozen.transport(), model.parameters);
      transportStep = step;
    }
    return step;
  }

  private void addMetaGradient(
      RoundWork work, int k, boolean first, SampleBlock batch, double weight, MetricSums metrics) {
    AlignmentOptions options = frozen.options().alignment();
    Network network = frozen.network();
    // The first step of a round never reuses: a round depends on its arguments only. Batches that
    // are accumulated share their step's source batch.
    boolean reuse = !first || k % options.outerGradientReuse() != 0;
    SourceBatch source =
        frozen.sampler().batch(work.epoch(), work.firstStep() + k, work.partition());
    InnerProblem inner =
        (tape, parameters) ->
            TaskLoss.of(
                tape,
                network.task(),
                network.predict(tape, parameters, batch.features()),
                batch.labels());
    OuterProblem outer =
        (tape, encoder) ->
            OuterObjective.of(
                tape,
                options.outer(),
                network.represent(tape, encoder, frozen.source(), source),
                source.labels());
    MetaStepResult result =
        metaStep().run(inner, outer, model.parameters, reuse, weight, model.gradient);
    metrics.add("loss", result.innerLoss(), batch.size());
    result.outerParts().forEach((name, value) -> metrics.add(name, value, 1));
    metrics.add("cosine", result.cosine(), 1);
    metrics.add("inner_gradient_norm", result.gradientNorm(), 1);
    metrics.add("outer_gradient_norm", result.outerNorm(), 1);
    metrics.add("mixed_ratio", result.ratio(), 1);
  }

  private MetaStep metaStep() {
    MetaStep step = metaStep;
    if (step == null) {
      AlignmentOptions options = frozen.options().alignment();
      boolean normalized = options.strength() == AlignmentOptions.Strength.RATIO;
      step =
          new MetaStep(
              new MetaStepOptions(
                  options.alpha(),
                  normalized,
                  normalized ? options.ratio() : options.lambda(),
                  options.estimator(),
                  options.innerSteps(),
                  options.headGradient() == AlignmentOptions.HeadGradient.FULL),
              model.parameters);
      metaStep = step;
    }
    return step;
  }

  private double clip(Stage stage, double maxNorm) {
    List<INDArray> gradients = new ArrayList<>();
    for (ParameterGroup group : stage.trained()) {
      gradients.add(model.gradient.get(group).vector());
    }
    return GradientClipping.clip(gradients, maxNorm);
  }

  @Override
  public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
    StageOptions options = frozen.options().stage(stage);
    model.load(stage, state.parameters());
    int outputs = frozen.network().task().predictionLength();
    float[] scores = new float[block.size() * outputs];
    for (int at = 0; at < block.size(); at += options.batchSize()) {
      int end = Math.min(block.size(), at + options.batchSize());
      int[] positions = IntStream.range(at, end).toArray();
      float[] part = taskStep.logits(block.select(positions), model.parameters);
      System.arraycopy(part, 0, scores, at * outputs, part.length);
    }
    return scores;
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    FlatOptimizer optimizer = FlatOptimizer.of(frozen.options().stage(stage).optimizer());
    long moments = 0;
    for (ParameterGroup group : stage.trained()) {
      moments += optimizer.momentLength(frozen.network().layout(group).length());
    }
    return new TrainingState(parameters.clone(), new float[Math.toIntExact(moments)], 0);
  }

  /** Elements in the buffers of the steps: constant once warm. */
  long allocated() {
    MetaStep meta = metaStep;
    TransportStep transport = transportStep;
    return taskStep.allocated()
        + (meta == null ? 0 : meta.allocated())
        + (transport == null ? 0 : transport.allocated());
  }

  @Override
  public void close() {
    taskStep.close();
    if (metaStep != null) {
      metaStep.close();
    }
    if (transportStep != null) {
      transportStep.close();
    }
    model.close();
  }
}
