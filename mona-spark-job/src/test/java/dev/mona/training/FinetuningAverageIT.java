package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.checkpoint.CheckpointStore;
import dev.mona.compute.Nesterov;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StepRange;
import dev.mona.learner.TrainingState;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.WeightAverage;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.OuterUpdate;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.Transport;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An average of parameters among several workers, by either transport, cut off and continued. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinetuningAverageIT {
  private static final double DECAY = 0.9;
  private static final int EPOCHS = 3;
  private static final int FREQUENCY = 2;

  /** Three steps an epoch: rounds of two and of one. */
  private static final List<SampleBlock> EQUAL = SmallJob.blocks(5, 24, 24);

  private JavaSparkContext spark;

  @BeforeAll
  void start() {
    spark =
        new JavaSparkContext(
            LocalSpark.conf("local[2,2]").set("spark.plugins", "dev.mona.gauges.MonaPlugin"));
  }

  @AfterAll
  void stop() {
    spark.close();
  }

  private static LearnerOptions options(OptimizerOptions optimizer) {
    return SmallJob.options(
        SmallJob.stage(1, 8, optimizer),
        SmallJob.stage(0, 8, optimizer),
        SmallJob.stage(EPOCHS, 8, optimizer.with(new WeightAverage(DECAY))));
  }

  /** A checkpoint after every round, where there can be one. */
  private TrainingDriver.Builder driver(Transport transport, OuterUpdate outer) {
    return SmallTraining.driver(spark, options(SmallJob.ADAM, transport, outer), Disturbance.NONE)
        .interval(new CheckpointInterval(1, Duration.ZERO));
  }

  private static TrainingOptions options(
      OptimizerOptions optimizer, Transport transport, OuterUpdate outer) {
    AveragingOptions averaging = new AveragingOptions(2, FREQUENCY, 16, transport, false).to(outer);
    return new TrainingOptions(options(optimizer), averaging, StoppingOptions.NEVER);
  }

  private TrainingSummary run(TrainingDriver.Builder driver, List<SampleBlock> training) {
    return driver
        .build()
        .run(
            new PlainSession(spark), SmallTraining.INITIAL, LocalSpark.partitions(spark, training));
  }

  private static CheckpointStore store(RunDirectory run) {
    return new CheckpointStore(run, SmallTraining.CONFIG_HASH, 2);
  }

  private static void assertSame(TrainingSummary found, TrainingSummary expected) {
    assertThat(found.history()).isEqualTo(expected.history());
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(found.parameters().of(group)).isEqualTo(expected.parameters().of(group));
    }
  }

  private static OuterUpdate outer(boolean nesterov, OuterUpdate.Moments moments) {
    return new OuterUpdate(nesterov ? new Nesterov(0.5, 0.8) : null, moments);
  }

  private static RunListener dyingAfter(int rounds) {
    return new RunListener() {
      private int ended;

      @Override
      public void roundEnded(RoundEnded round) {
        if (++ended == rounds) {
          throw new IllegalStateException("cut off");
        }
      }
    };
  }

  /** Partitions of different sizes, so that one worker takes fewer steps in the last round. */
  @ParameterizedTest
  @CsvSource({
    "SHUFFLE, false, AVERAGE, 4",
    "SHUFFLE, true, AVERAGE, 9",
    "COLLECTIVE, false, AVERAGE, 9",
    "COLLECTIVE, true, AVERAGE, 8",
    "COLLECTIVE, false, LOCAL, 9"
  })
  void aRunThatIsCutOffGoesOnToTheSameBytes(
      Transport transport,
      boolean nesterov,
      OuterUpdate.Moments moments,
      int rounds,
      @TempDir Path directory) {
    OuterUpdate outer = outer(nesterov, moments);
    List<SampleBlock> training = SmallTraining.TRAINING;
    TrainingSummary expected = run(driver(Transport.COLLECTIVE, outer), training);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      TrainingDriver.Builder driver = driver(transport, outer);
      assertThatThrownBy(
              () -> run(driver.listener(dyingAfter(rounds)).checkpoints(store(run)), training))
          .hasMessage("cut off");
      assertSame(run(driver.listener(dyingAfter(-1)).resume(store(run)), training), expected);
    }
  }

  /**
   * Two workers in plain loops, a step at a time. Each of them averages what it goes through, and
   * with as many examples in every round the mean of the averages is that of the mean of the paths:
   * whether averages meet every round or, as local moments, once an epoch.
   */
  @ParameterizedTest
  @CsvSource({"SHUFFLE, AVERAGE", "COLLECTIVE, AVERAGE", "COLLECTIVE, LOCAL"})
  void ofTwoWorkersItIsThatOfTheMeanOfTheirPaths(Transport transport, OuterUpdate.Moments moments) {
    TrainingOptions options = options(SmallJob.SGD, transport, outer(false, moments));
    TrainingSummary summary =
        run(
            TrainingDriver.builder(options, SmallJob.learners(options.learner(), Disturbance.NONE)),
            EQUAL);
    double[] expected = plainly();
    float[] found = summary.parameters().flat(Stage.FINETUNING.trained());
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double[] plainly() {
    LearnerOptions options =
        SmallJob.options(
            SmallJob.stage(1, 8, SmallJob.SGD),
            SmallJob.stage(0, 8, SmallJob.SGD),
            SmallJob.stage(EPOCHS, 8, SmallJob.SGD));
    ModelParameters model = SmallTraining.INITIAL;
    double[] average = {};
    try (Learner learner = SmallJob.learners(options, Disturbance.NONE).create()) {
      for (Stage stage : List.of(Stage.WARMUP, Stage.FINETUNING)) {
        float[] mean = model.flat(stage.trained());
        float[][] at = {mean, mean};
        average = new double[mean.length];
        double mass = 0;
        for (int step = 0; step < 3 * options.stage(stage).epochs(); step++) {
          for (int p = 0; p < 2; p++) {
            RoundWork work = new RoundWork(stage, step / 3, p, new StepRange(step % 3, 1, 3));
            TrainingState from = new TrainingState(at[p], new float[0], step);
            at[p] = learner.run(work, from, EQUAL.get(p)).state().parameters();
          }
          mean = new float[mean.length];
          mass = DECAY * mass + 1 - DECAY;
          for (int i = 0; i < mean.length; i++) {
            double half = ((double) at[0][i] + at[1][i]) / 2;
            average[i] = DECAY * average[i] + (1 - DECAY) * half;
            mean[i] = (float) half;
          }
          if (step % 3 > 0) {
            at = new float[][] {mean, mean};
          }
        }
        model = model.with(stage.trained(), mean);
        for (int i = 0; i < average.length; i++) {
          average[i] /= mass;
        }
      }
    }
    return average;
  }
}
