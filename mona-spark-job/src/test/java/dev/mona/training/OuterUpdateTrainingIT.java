package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.checkpoint.CheckpointStore;
import dev.mona.compute.Nesterov;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunListener;
import dev.mona.events.StopReason;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.OuterUpdate;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.Transport;
import dev.mona.storage.RunDirectory;
import dev.mona.tensor.ParameterGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outer steps and moments that stay, through all stages, cut off and continued. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OuterUpdateTrainingIT {
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

  private static OuterUpdate outer(OuterUpdate.Moments moments) {
    return new OuterUpdate(new Nesterov(0.5, 0.8), moments);
  }

  /** A checkpoint after every round, where there can be one. */
  private TrainingDriver.Builder driver(Transport transport, OuterUpdate outer) {
    AveragingOptions averaging = new AveragingOptions(2, 2, 16, transport, false).to(outer);
    TrainingOptions options =
        new TrainingOptions(SmallJob.threeStages(), averaging, StoppingOptions.NEVER);
    return SmallTraining.driver(spark, options, Disturbance.NONE)
        .interval(new CheckpointInterval(1, Duration.ZERO));
  }

  private TrainingSummary run(TrainingDriver.Builder driver) {
    return driver
        .build()
        .run(
            new PlainSession(spark),
            SmallTraining.INITIAL,
            LocalSpark.partitions(spark, SmallTraining.TRAINING));
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

  /** Does something after so many rounds. */
  private static RunListener after(int rounds, Runnable what) {
    return new RunListener() {
      private int ended;

      @Override
      public void roundEnded(RoundEnded round) {
        if (++ended == rounds) {
          what.run();
        }
      }
    };
  }

  @ParameterizedTest
  @CsvSource({
    "SHUFFLE, AVERAGE, 2",
    "SHUFFLE, AVERAGE, 12",
    "COLLECTIVE, AVERAGE, 12",
    "COLLECTIVE, LOCAL, 2",
    "COLLECTIVE, LOCAL, 12",
    "COLLECTIVE, LOCAL, 13"
  })
  void aRunThatIsCutOffGoesOnToTheSameBytes(
      Transport transport, OuterUpdate.Moments moments, int rounds, @TempDir Path directory) {
    TrainingSummary expected = run(driver(Transport.COLLECTIVE, outer(moments)));
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      TrainingDriver.Builder driver = driver(transport, outer(moments));
      RunListener dies =
          after(
              rounds,
              () -> {
                throw new IllegalStateException("cut off");
              });
      assertThatThrownBy(() -> run(driver.listener(dies).checkpoints(store(run))))
          .hasMessage("cut off");
      assertSame(run(driver.listener(after(-1, () -> {})).resume(store(run))), expected);
    }
  }

  /** What was done of the epoch is done again. */
  @Test
  void aStopWithinAnEpochKeepsTheEndOfTheLastOneWhereMomentsStay(@TempDir Path directory) {
    OuterUpdate local = outer(OuterUpdate.Moments.LOCAL);
    TrainingSummary expected = run(driver(Transport.COLLECTIVE, local));
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      StopRequest stop = new StopRequest();
      TrainingDriver.Builder driver = driver(Transport.COLLECTIVE, local);
      // rounds of an epoch: 3 in the first stage
      TrainingSummary stopped =
          run(
              driver
                  .listener(after(4, () -> stop.request("test")))
                  .stop(stop)
                  .checkpoints(store(run)));
      assertThat(stopped.stopReason()).isEqualTo(StopReason.STOPPED);
      assertThat(run.list("checkpoints")).isEqualTo(List.of("warmup-0001-000000"));
      StopRequest never = new StopRequest();
      assertSame(
          run(driver.listener(after(-1, () -> {})).stop(never).resume(store(run))), expected);
    }
  }

  @Test
  void bytesOfARoundAreThoseOfParametersWhereMomentsStay() {
    assertThat(bytes(OuterUpdate.Moments.AVERAGE)).isEqualTo(3 * bytes(OuterUpdate.Moments.LOCAL));
    // finetuning: embedder, encoder and head of the small learner
    int parameters = SmallJob.EMBEDDER + SmallJob.HIDDEN + SmallJob.HEAD;
    assertThat(bytes(OuterUpdate.Moments.LOCAL)).isEqualTo(4.0 * parameters);
  }

  /** Of the last round, of Adam. */
  private double bytes(OuterUpdate.Moments moments) {
    double[] last = {0};
    RunListener listener =
        new RunListener() {
          @Override
          public void roundEnded(RoundEnded round) {
            last[0] = round.figure(RoundEnded.AVERAGED_BYTES);
          }
        };
    run(driver(Transport.COLLECTIVE, outer(moments)).listener(listener));
    return last[0];
  }
}
