package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.averaging.AveragingOptions;
import dev.mona.dl4j.MonaGraph;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.hypergradient.Estimator;
import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.Augmentation;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FrozenModel;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.MonaLearner;
import dev.mona.learner.NonFinite;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.TrainingState;
import dev.mona.learner.TransportOptions;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.objective.OuterOptions;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.source.SourceTexts;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.weights.WeightTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** The real learner, which keeps buffers from round to round, in the driver's rounds. */
class MonaLearnerIT {
  private static final long SEED = 19;
  private static final int SAMPLES = 17;
  private static final int BATCH = 5;
  private static final int FREQUENCY = 3;
  private static final TaskSpec TASK =
      TaskSpec.of("small", TaskKind.CLASSIFICATION, SampleShape.series(2, 6), 3);

  /**
   * Makes learners from values alone.
   *
   * @param options settings of the learners
   * @param weights the encoder
   * @param texts source texts
   */
  private record Learners(LearnerOptions options, PretrainedWeights weights, SourceTexts texts)
      implements LearnerFactory {
    @Override
    public Learner create() {
      return new MonaLearner(FrozenModel.of(options, weights, texts));
    }
  }

  /**
   * 17 samples in batches of 5 are 4 steps, in rounds of 3 and 1. The plain loop asks the learner
   * for whole epochs instead: neither Spark nor the cut into rounds may leave a trace.
   */
  @Test
  void oneWorkerIsAPlainLoopOverWholeEpochsBitForBit() {
    Learners learners = new Learners(options(), weights(), texts());
    Network network = Network.of(TASK, learners.options().embedder(), learners.weights().shape());
    ModelParameters initial =
        new ModelParameters(
            Initializer.initial(network, learners.options().embedder(), learners.weights(), SEED));
    SampleBlock block = block();

    TrainingSummary distributed;
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      distributed =
          TrainingDriver.builder(
                  new TrainingOptions(
                      learners.options(),
                      new AveragingOptions(1, FREQUENCY, 1024),
                      StoppingOptions.NEVER),
                  learners)
              .build()
              .run(
                  spark,
                  MonaGraph.build(network, initial.groups()),
                  initial,
                  LocalSpark.partitions(spark, List.of(block)));
    }
    ModelParameters single = plainLoop(learners, initial, block);
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(distributed.parameters().of(group))
          .as("%s, seed %d", group, SEED)
          .isEqualTo(single.of(group))
          .isNotEqualTo(initial.of(group));
    }
    assertThat(distributed.stopReason()).isEqualTo(StopReason.COMPLETED);
    assertThat(distributed.history()).hasSize(5);
  }

  private static ModelParameters plainLoop(
      Learners learners, ModelParameters initial, SampleBlock block) {
    int steps = (SAMPLES + BATCH - 1) / BATCH;
    ModelParameters model = initial;
    try (Learner learner = learners.create()) {
      for (Stage stage : Stage.values()) {
        TrainingState state = learner.initialState(stage, model.flat(stage.trained()));
        for (int epoch = 0; epoch < learners.options().stage(stage).epochs(); epoch++) {
          RoundResult result =
              learner.run(new RoundWork(stage, epoch, 0, steps, 0, steps), state, block);
          assertThat(result.examples()).isEqualTo(SAMPLES);
          state = result.state();
        }
        model = model.with(stage.trained(), state.parameters());
      }
    }
    return model;
  }

  private static LearnerOptions options() {
    return new LearnerOptions(
        SEED,
        TASK,
        new EmbedderOptions(3, 2, EmbedderOptions.Init.PRETRAINED),
        stage(1, 0.9),
        new AlignmentOptions(
            stage(2, 0),
            AlignmentOptions.Objective.BILEVEL,
            0.05,
            AlignmentOptions.Strength.RATIO,
            0.5,
            1,
            Estimator.EXACT,
            1,
            new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1),
            3,
            2,
            1,
            AlignmentOptions.HeadGradient.INNER,
            false,
            new TransportOptions(512, 0.1, 10)),
        stage(2, 0),
        FinetuneScope.ALL,
        0,
        Augmentation.NONE,
        NonFinite.STOP);
  }

  /** Adam, or SGD with momentum, with decay over the whole stage. */
  private static StageOptions stage(int epochs, double momentum) {
    OptimizerOptions.Kind kind =
        momentum > 0 ? OptimizerOptions.Kind.SGD : OptimizerOptions.Kind.ADAM;
    return new StageOptions(
        epochs,
        BATCH,
        1,
        new OptimizerOptions(kind, 0.01, 0.9, 0.98, 1e-8, momentum, 0),
        new ScheduleOptions(0, epochs),
        1);
  }

  private static PretrainedWeights weights() {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    SmallEncoder.tensors(SEED).forEach(tensor -> tensors.put(tensor.name(), tensor));
    return PretrainedWeights.of(
        EncoderCheckpoint.of(SmallEncoder.CONFIG, tensors, "the small encoder"),
        SmallEncoder.CONFIG);
  }

  /** Four classes of three texts, of 3 to 6 tokens. */
  private static SourceTexts texts() {
    Random random = new Random(SEED);
    int size = 12;
    int[] offsets = new int[size + 1];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      offsets[i + 1] = offsets[i] + 3 + random.nextInt(4);
      labels[i] = i % 4;
    }
    int[] tokens = random.ints(offsets[size], 4, 200).toArray();
    return new SourceTexts(tokens, offsets, labels, List.of("a", "b", "c", "d"));
  }

  private static SampleBlock block() {
    Random random = new Random(SEED);
    long[] ids = new long[SAMPLES];
    float[] labels = new float[SAMPLES];
    float[] features = new float[SAMPLES * TASK.featureLength()];
    for (int i = 0; i < SAMPLES; i++) {
      ids[i] = 100L + i;
      labels[i] = i % 3;
    }
    for (int k = 0; k < features.length; k++) {
      features[k] = (float) random.nextGaussian();
    }
    return new SampleBlock(ids, features, labels);
  }
}
