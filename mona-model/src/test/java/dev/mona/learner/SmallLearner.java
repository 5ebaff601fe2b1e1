package dev.mona.learner;

import dev.mona.SmallModel;
import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.compute.TestDevice;
import dev.mona.encoder.Bert;
import dev.mona.hypergradient.Estimator;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.metalearning.OuterData;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Preconditioning;
import dev.mona.metalearning.Strength;
import dev.mona.metalearning.VirtualSteps;
import dev.mona.network.Initializer;
import dev.mona.network.PretrainedWeights;
import dev.mona.objective.OuterOptions;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import dev.mona.optimizer.WeightAverage;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a small learner, changed one by one, and what its tests start from. */
final class SmallLearner {
  static final long SEED = 77;
  static final int BATCH = 4;
  static final TaskSpec TASK = SmallModel.task(TaskKind.CLASSIFICATION);
  static final PretrainedWeights WEIGHTS = SmallModel.weights(Bert.Variant.BERT, SEED);

  static final Strength.Ratio RATIO = new Strength.Ratio(0.05, 1);
  static final Strength.Lambda LAMBDA = new Strength.Lambda(0.05, 0.5);
  static final Alignment.Transport TRANSPORT = new Alignment.Transport(512, 0.1, 10);

  /** Update rules. */
  enum Kind {
    SGD,
    ADAM,
    ADAMW
  }

  /** Ways to the mixed term. */
  enum Way {
    EXACT,
    FINITE_DIFFERENCE,
    GRADIENT_ALIGNMENT
  }

  private FlatOptimizer rule = new Adam(0.9, 0.98, 1e-8, 0, false);
  private int batch = BATCH;
  private int accumulation = 1;
  private double clipNorm = 1;
  private ScheduleOptions schedule = new ScheduleOptions(1, 10);
  private Estimator estimator = Estimator.EXACT;
  private OuterPoint point = new OuterPoint.Virtual(1);
  private Strength strength = RATIO;
  private FinetuningOptions finetuning = FinetuningOptions.ALL;
  private Replay replay = Replay.NONE;
  private NonFinite nonFinite = NonFinite.STOP;
  private boolean transports;
  private @Nullable WeightAverage average;
  private OuterData outer = new OuterData.Source(1);
  private @Nullable Preconditioning preconditioning;

  SmallLearner optimizer(Kind kind, double momentum, double weightDecay) {
    rule =
        kind == Kind.SGD
            ? new Sgd(momentum, weightDecay)
            : new Adam(0.9, 0.98, 1e-8, weightDecay, kind == Kind.ADAMW);
    return this;
  }

  SmallLearner batch(int size, int passes) {
    batch = size;
    accumulation = passes;
    return this;
  }

  SmallLearner clipNorm(double value) {
    clipNorm = value;
    return this;
  }

  SmallLearner constantRate() {
    schedule = new ScheduleOptions(0, 0);
    return this;
  }

  SmallLearner estimator(Way way, int reuse) {
    estimator = way == Way.FINITE_DIFFERENCE ? Estimator.FINITE_DIFFERENCE : Estimator.EXACT;
    point =
        way == Way.GRADIENT_ALIGNMENT
            ? new OuterPoint.Pretrained(reuse)
            : new OuterPoint.Virtual(1);
    return this;
  }

  SmallLearner strength(Strength value) {
    strength = value;
    return this;
  }

  SmallLearner transports() {
    transports = true;
    return this;
  }

  SmallLearner dropout(double value) {
    finetuning =
        new FinetuningOptions(
            finetuning.scope(),
            value,
            finetuning.pull(),
            finetuning.layerDecay(),
            finetuning.lora());
    return this;
  }

  SmallLearner sourceBatches(int count) {
    outer = new OuterData.Source(count);
    return this;
  }

  SmallLearner heldOut() {
    outer = new OuterData.HeldOut();
    return this;
  }

  SmallLearner preconditioned() {
    preconditioning = new Preconditioning(0.9, 1e-8);
    return this;
  }

  SmallLearner virtualSteps(int steps, boolean newBatches) {
    point = new OuterPoint.Virtual(steps, newBatches);
    return this;
  }

  SmallLearner replay(double weight, int every) {
    replay = new Replay(weight, every);
    return this;
  }

  SmallLearner nonFinite(NonFinite value) {
    nonFinite = value;
    return this;
  }

  SmallLearner scope(FinetuneScope value) {
    finetuning = finetuning.with(value);
    return this;
  }

  SmallLearner lora(LoraOptions value) {
    finetuning =
        new FinetuningOptions(
            FinetuneScope.ALL, finetuning.dropout(), 0, finetuning.layerDecay(), value);
    return this;
  }

  SmallLearner pull(double value) {
    finetuning =
        new FinetuningOptions(
            finetuning.scope(), finetuning.dropout(), value, finetuning.layerDecay(), null);
    return this;
  }

  SmallLearner layerDecay(double value) {
    finetuning =
        new FinetuningOptions(
            finetuning.scope(), finetuning.dropout(), finetuning.pull(), value, finetuning.lora());
    return this;
  }

  /** Of the finetuning alone. */
  SmallLearner average(double decay) {
    average = new WeightAverage(decay);
    return this;
  }

  FrozenModel frozen() {
    StageOptions stage =
        new StageOptions(
            10, batch, accumulation, new OptimizerOptions(rule, 0.01, clipNorm), schedule);
    Alignment alignment =
        transports
            ? TRANSPORT
            : new Alignment.Bilevel(
                new MetaStepOptions(
                    strength,
                    estimator,
                    new VirtualSteps(point, preconditioning),
                    HeadGradient.INNER,
                    outer),
                false);
    OuterOptions loss = new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);
    LearnerOptions options =
        new LearnerOptions(
            SEED,
            new TargetOptions(TASK, SmallModel.EMBEDDER, Augmentation.NONE),
            new StagePlan(new Stages(stage, stage, stage.with(average)), alignment, finetuning),
            new SourceOptions(4, 2, loss, 0.05, replay),
            nonFinite);
    return FrozenModel.of(options, WEIGHTS, SmallModel.texts(6, 8, SEED), TestDevice.floats());
  }

  MonaLearner create() {
    return new MonaLearner(frozen(), TestDevice.floats());
  }

  static SampleBlock block(int n) {
    return SmallModel.samples(TASK, n, SEED);
  }

  /** The state of a new model before the first step of a stage. */
  static TrainingState start(MonaLearner learner, FrozenModel frozen, Stage stage) {
    Map<ParameterGroup, float[]> values =
        Initializer.initial(frozen.network(), SmallModel.EMBEDDER, WEIGHTS, SEED);
    LowRankAdapters adapters = frozen.adapters();
    if (adapters != null) {
      values.put(ParameterGroup.ENCODER, adapters.initial(SEED));
    }
    int n = 0;
    for (ParameterGroup group : stage.trained()) {
      n += part(values, group).length;
    }
    float[] flat = new float[n];
    int at = 0;
    for (ParameterGroup group : stage.trained()) {
      float[] part = part(values, group);
      System.arraycopy(part, 0, flat, at, part.length);
      at += part.length;
    }
    return learner.initialState(stage, flat);
  }

  private static float[] part(Map<ParameterGroup, float[]> values, ParameterGroup group) {
    float[] part = values.get(group);
    if (part == null) {
      throw new IllegalStateException("no initial values of " + group);
    }
    return part;
  }
}
