package dev.mona.example;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.Alignment;
import dev.mona.learner.Augmentation;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.NonFinite;
import dev.mona.learner.Replay;
import dev.mona.learner.SourceOptions;
import dev.mona.learner.StageOptions;
import dev.mona.learner.StagePlan;
import dev.mona.learner.Stages;
import dev.mona.learner.TargetOptions;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Strength;
import dev.mona.objective.OuterOptions;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Settings, data and initial values for {@link SmallLearner}: 3 Gaussian classes in 5 dimensions.
 */
public final class SmallJob {
  public static final int FEATURES = 5;
  public static final int HIDDEN = 4;
  public static final int OUTPUTS = 3;
  public static final int EMBEDDER = FEATURES * HIDDEN;
  public static final int HEAD = OUTPUTS * HIDDEN + OUTPUTS;

  private SmallJob() {}

  public static final OptimizerOptions SGD = sgd(0.1, 0);
  public static final OptimizerOptions ADAM =
      new OptimizerOptions(new Adam(0.9, 0.98, 1e-8, 0, false), 0.02, 0);

  /** The paper's alignment with one exact virtual step. */
  public static final Alignment ALIGNMENT =
      new Alignment.Bilevel(
          new MetaStepOptions(
              new Strength.Ratio(0.05, 1),
              Estimator.EXACT,
              new OuterPoint.Virtual(1),
              MetaStepOptions.HeadGradient.INNER),
          false);

  private static final OuterOptions OUTER =
      new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1);

  public static OptimizerOptions sgd(double rate, double momentum) {
    return new OptimizerOptions(new Sgd(momentum, 0), rate, 0);
  }

  /** A stage without decay. */
  public static StageOptions stage(int epochs, int batch, OptimizerOptions optimizer) {
    return new StageOptions(epochs, batch, 1, optimizer, new ScheduleOptions(0, 0));
  }

  /** All three stages with momentum or Adam, accumulation in one and decay in another. */
  public static LearnerOptions threeStages() {
    return options(
        new StageOptions(2, 4, 2, sgd(0.1, 0.9), new ScheduleOptions(0, 0)),
        stage(2, 8, ADAM),
        new StageOptions(3, 8, 1, ADAM, new ScheduleOptions(0, 4)));
  }

  public static LearnerOptions options(
      StageOptions warmup, StageOptions alignment, StageOptions finetuning) {
    return options(
        7,
        new TargetOptions(
            TaskSpec.of("small", TaskKind.CLASSIFICATION, SampleShape.series(1, FEATURES), OUTPUTS),
            new EmbedderOptions(1, FEATURES, EmbedderOptions.Init.RANDOM),
            Augmentation.NONE),
        new Stages(warmup, alignment, finetuning),
        2);
  }

  /** Source batches of some classes of two texts each. */
  public static LearnerOptions options(
      long seed, TargetOptions target, Stages stages, int sourceClasses) {
    return new LearnerOptions(
        seed,
        target,
        new StagePlan(stages, ALIGNMENT, FinetuningOptions.ALL),
        new SourceOptions(sourceClasses, 2, OUTER, 0.05, Replay.NONE),
        NonFinite.STOP);
  }

  public static SmallLearner.Factory learners(LearnerOptions options, Disturbance disturbance) {
    float[] ones = new float[HIDDEN];
    java.util.Arrays.fill(ones, 1);
    return new SmallLearner.Factory(options, HIDDEN, ones, disturbance);
  }

  /** Initial values by group; the encoder starts as the identity. */
  public static Map<ParameterGroup, float[]> initial(long seed) {
    Random random = new Random(seed);
    Map<ParameterGroup, float[]> initial = new EnumMap<>(ParameterGroup.class);
    initial.put(ParameterGroup.EMBEDDER, gaussian(random, EMBEDDER, 0.5));
    float[] ones = new float[HIDDEN];
    java.util.Arrays.fill(ones, 1);
    initial.put(ParameterGroup.ENCODER, ones);
    initial.put(ParameterGroup.HEAD, gaussian(random, HEAD, 0.5));
    return initial;
  }

  /** Embedder and head, one after the other. */
  public static float[] embedderAndHead(long seed) {
    Map<ParameterGroup, float[]> initial = initial(seed);
    float[] flat = new float[EMBEDDER + HEAD];
    System.arraycopy(initial.getOrDefault(ParameterGroup.EMBEDDER, flat), 0, flat, 0, EMBEDDER);
    System.arraycopy(initial.getOrDefault(ParameterGroup.HEAD, flat), 0, flat, EMBEDDER, HEAD);
    return flat;
  }

  private static float[] gaussian(Random random, int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** One block of each size; ids run on. */
  public static List<SampleBlock> blocks(long seed, int... sizes) {
    Random random = new Random(seed);
    List<SampleBlock> blocks = new ArrayList<>();
    long id = 1L << 60;
    for (int n : sizes) {
      long[] ids = new long[n];
      float[] features = new float[n * FEATURES];
      float[] labels = new float[n];
      for (int i = 0; i < n; i++) {
        ids[i] = id++;
        int label = random.nextInt(OUTPUTS);
        labels[i] = label;
        for (int j = 0; j < FEATURES; j++) {
          features[i * FEATURES + j] = (float) (random.nextGaussian() + (j == label ? 1.5 : 0));
        }
      }
      blocks.add(new SampleBlock(ids, features, labels));
    }
    return blocks;
  }

  /** All samples of a partition in one block. */
  public static SampleBlock join(PartitionSamples samples) {
    List<SampleBlock> blocks = new ArrayList<>();
    for (int b = 0; b < samples.index().blocks(); b++) {
      blocks.add(samples.read(b));
    }
    return blocks.size() == 1 ? blocks.get(0) : join(blocks);
  }

  /** All samples of several blocks in one, in order. */
  public static SampleBlock join(List<SampleBlock> blocks) {
    int n = blocks.stream().mapToInt(SampleBlock::size).sum();
    long[] ids = new long[n];
    float[] features = new float[n * FEATURES];
    float[] labels = new float[n];
    int at = 0;
    for (SampleBlock block : blocks) {
      System.arraycopy(block.ids(), 0, ids, at, block.size());
      System.arraycopy(block.features(), 0, features, at * FEATURES, block.features().length);
      System.arraycopy(block.labels(), 0, labels, at, block.size());
      at += block.size();
    }
    return new SampleBlock(ids, features, labels);
  }
}
