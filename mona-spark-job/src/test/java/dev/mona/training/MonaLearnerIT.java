package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.dl4j.MonaGraph;
import dev.mona.dl4jspark.GraphSession;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.events.StopReason;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallEncoder;
import dev.mona.example.SmallJob;
import dev.mona.learner.Augmentation;
import dev.mona.learner.FrozenModel;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.MonaLearner;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.learner.Stages;
import dev.mona.learner.StepRange;
import dev.mona.learner.TargetOptions;
import dev.mona.learner.TrainingState;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.FlatOptimizer;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import dev.mona.rounds.AveragingOptions;
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
      Device device = TestDevice.floats();
      device.bind(0);
      return new MonaLearner(FrozenModel.of(options, weights, texts, device), device);
    }
  }

  /**
   * 17 samples in batches of 5 are 4 steps, in rounds of 3 and 1. The plain loop asks the learner
   * for whole epochs instead: neither Spark nor the cut into rounds may leave a trace.
   */
  @Test
  void oneWorkerIsAPlainLoopOverWholeEpochsBitForBit() {
    Learners learners = new Learners(options(), weights(), texts());
    Network network =
        Network.of(TASK, learners.options().target().embedder(), learners.weights().shape());
    ModelParameters initial =
        new ModelParameters(
            Initializer.initial(
                network, learners.options().target().embedder(), learners.weights(), SEED));
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
                  new GraphSession(spark, MonaGraph.build(network, initial.groups())),
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
              learner.run(
                  new RoundWork(stage, epoch, 0, new StepRange(0, steps, steps)), state, block);
          assertThat(result.examples()).isEqualTo(SAMPLES);
          state = result.state();
        }
        model = model.with(stage.trained(), state.parameters());
      }
    }
    return model;
  }

  private static LearnerOptions options() {
    return SmallJob.options(
        SEED,
        new TargetOptions(
            TASK, new EmbedderOptions(3, 2, EmbedderOptions.Init.PRETRAINED), Augmentation.NONE),
        new Stages(stage(1, 0.9), stage(2, 0), stage(2, 0)),
        3);
  }

  /** Adam, or SGD with momentum, with decay over the whole stage. */
  private static StageOptions stage(int epochs, double momentum) {
    FlatOptimizer rule = momentum > 0 ? new Sgd(momentum, 0) : new Adam(0.9, 0.98, 1e-8, 0, false);
    return new StageOptions(
        epochs, BATCH, 1, new OptimizerOptions(rule, 0.01, 1), new ScheduleOptions(0, epochs));
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
