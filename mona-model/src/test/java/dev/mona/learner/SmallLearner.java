package dev.mona.learner;

import dev.mona.SmallModel;
import dev.mona.encoder.Bert;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.AlignmentOptions.HeadGradient;
import dev.mona.learner.AlignmentOptions.Strength;
import dev.mona.network.Initializer;
import dev.mona.network.PretrainedWeights;
import dev.mona.objective.OuterOptions;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.OptimizerOptions.Kind;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.task.SampleBlock;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Map;

/** Settings of a small learner, changed one by one, and what its tests start from. */
final class SmallLearner {
  static final long SEED = 77;
  static final int BATCH = 4;
  static final TaskSpec TASK = SmallModel.task(TaskKind.CLASSIFICATION);
  static final PretrainedWeights WEIGHTS = SmallModel.weights(Bert.Variant.BERT, SEED);

  private Kind kind = Kind.ADAM;
  private double momentum;
  private double weightDecay;
  private int batch = BATCH;
  private int accumulation = 1;
  private double clipNorm = 1;
  private ScheduleOptions schedule = new ScheduleOptions(1, 10);
  private Estimator estimator = Estimator.EXACT;
  private int reuse = 1;
  private Strength strength = Strength.RATIO;
  private FinetuneScope scope = FinetuneScope.ALL;
  private double dropout;
  private NonFinite nonFinite = NonFinite.STOP;
  private AlignmentOptions.Objective objective = AlignmentOptions.Objective.BILEVEL;

  SmallLearner optimizer(Kind value, double withMomentum, double withWeightDecay) {
    kind = value;
    momentum = withMomentum;
    weightDecay = withWeightDecay;
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

  SmallLearner estimator(Estimator value, int withReuse) {
    estimator = value;
    reuse = withReuse;
    return this;
  }

  SmallLearner strength(Strength value) {
    strength = value;
    return this;
  }

  SmallLearner objective(AlignmentOptions.Objective value) {
    objective = value;
    return this;
  }

  SmallLearner dropout(double value) {
    dropout = value;
    return this;
  }

  SmallLearner nonFinite(NonFinite value) {
    nonFinite = value;
    return this;
  }

  SmallLearner scope(FinetuneScope value) {
    scope = value;
    return this;
  }

  FrozenModel frozen() {
    OptimizerOptions optimizer =
        new OptimizerOptions(kind, 0.01, 0.9, 0.98, 1e-8, momentum, weightDecay);
    StageOptions stage = new StageOptions(10, batch, accumulation, optimizer, schedule, clipNorm);
    AlignmentOptions alignment =
        new AlignmentOptions(
            stage,
            objective,
            0.05,
            strength,
            0.5,
            1,
            estimator,
            1,
            new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1),
            4,
            2,
            reuse,
            HeadGradient.INNER,
            false,
            new TransportOptions(512, 0.1, 10));
    LearnerOptions options =
        new LearnerOptions(
            SEED,
            TASK,
            SmallModel.EMBEDDER,
            stage,
            alignment,
            stage,
            scope,
            dropout,
            Augmentation.NONE,
            nonFinite);
    return FrozenModel.of(options, WEIGHTS, SmallModel.texts(6, 8, SEED));
  }

  MonaLearner create() {
    return new MonaLearner(frozen());
  }

  static SampleBlock block(int n) {
    return SmallModel.samples(TASK, n, SEED);
  }

  /** The state of a new model before the first step of a stage. */
  static TrainingState start(MonaLearner learner, FrozenModel frozen, Stage stage) {
    Map<ParameterGroup, float[]> values =
        Initializer.initial(frozen.network(), SmallModel.EMBEDDER, WEIGHTS, SEED);
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
