package dev.mona.stopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.config.RecoveryConfig;
import dev.mona.events.StopReason;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.Held;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.provenance.Parallelism;
import dev.mona.provenance.Starts;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Provenance;
import dev.mona.storage.RunDirectory;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import dev.mona.training.ModelParameters;
import dev.mona.training.StoppingOptions;
import dev.mona.training.TrainingDriver;
import dev.mona.training.TrainingOptions;
import dev.mona.training.TrainingSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs that stand still, or that are asked to stop in a round that takes too long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoppingIT {
  private static final String GROUP = "mona-run";
  private static final List<SampleBlock> TRAINING = SmallJob.blocks(5, 33, 26);

  /** Longer than a round of these takes on a slow machine that does other things, too. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Duration LONG = Duration.ofMinutes(5);
  private static CountDownLatch hanging = new CountDownLatch(1);

  private JavaSparkContext spark;

  @BeforeAll
  void start() {
    spark =
        new JavaSparkContext(
            LocalSpark.conf("local[2]").set("spark.executor.heartbeatInterval", "100ms"));
  }

  @AfterAll
  void stop() {
    hanging.countDown();
    spark.stop();
  }

  /** Nothing wakes the task, not even an interrupt, before the test is over. */
  private static final Disturbance HANGS =
      work -> {
        if (work.partition() == 1 && work.epoch() == 1 && work.steps().first() > 0) {
          boolean over = false;
          while (!over) {
            try {
              over = hanging.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              // as natives do
            }
          }
        }
      };

  private Stopping stopping(Duration stop, Duration stall) {
    return new Stopping(
        spark, GROUP, "runs/a", new RecoveryConfig(0, Duration.ZERO, stop, stall, Duration.ZERO));
  }

  /** Finetuning until somebody stops it; the checkpoints that it leaves. */
  private List<String> train(
      Stopping stopping, LearnerOptions options, LearnerFactory learners, Path directory) {
    spark.setJobGroup(GROUP, "run", true);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      TrainingSummary summary =
          TrainingDriver.builder(
                  new TrainingOptions(
                      options, new AveragingOptions(2, 2, 16), StoppingOptions.NEVER),
                  learners)
              .checkpoints(new CheckpointStore(run, "abc", 1))
              .stop(stopping.request())
              .build()
              .run(
                  new PlainSession(spark),
                  new ModelParameters(SmallJob.initial(11)),
                  LocalSpark.partitions(spark, TRAINING));
      assertThat(summary.stopReason()).isEqualTo(StopReason.STOPPED);
      return run.list("checkpoints").stream().filter(name -> name.startsWith("fine")).toList();
    } finally {
      spark.clearJobGroup();
    }
  }

  private static LearnerOptions finetuning(int epochs) {
    return SmallJob.options(
        SmallJob.stage(0, 8, SmallJob.ADAM),
        SmallJob.stage(0, 8, SmallJob.ADAM),
        SmallJob.stage(epochs, 8, SmallJob.ADAM));
  }

  @Test
  void aRoundThatStandsStillEndsWithTheNamesOfItsTasks(@TempDir Path directory) {
    hanging = new CountDownLatch(1);
    LearnerOptions options = finetuning(3);
    try (Stopping stopping = stopping(LONG, SHORT)) {
      assertThat(train(stopping, options, SmallJob.learners(options, HANGS), directory))
          .containsExactly("finetuning-0001-000000", "finetuning-0001-000001");
      assertThatThrownBy(stopping::check)
          .isInstanceOfSatisfying(
              MonaException.class,
              e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
          .hasMessageMatching(
              "runs/a was stopped \\(finetuning round 5/9: average 2 workers made no progress for"
                  + " \\d+ s: task 1 on executor driver \\(\\S+\\) stands still for \\d+ s; a"
                  + " larger run.stall-minutes waits longer\\): train --resume runs/a continues"
                  + " it");
    } finally {
      hanging.countDown();
    }
  }

  @Test
  void aRoundThatTakesTooLongToStopIsAbandoned(@TempDir Path directory) {
    hanging = new CountDownLatch(1);
    LearnerOptions options = finetuning(3);
    Disturbance asks =
        work -> {
          if (work.partition() == 0 && work.epoch() == 1 && work.steps().first() > 0) {
            Optional.ofNullable(asked).ifPresent(to -> to.request().request("SIGTERM"));
          }
          HANGS.before(work);
        };
    try (Stopping stopping = stopping(SHORT, LONG)) {
      asked = stopping;
      assertThat(train(stopping, options, SmallJob.learners(options, asks), directory))
          .containsExactly("finetuning-0001-000000", "finetuning-0001-000001");
      assertThatThrownBy(() -> stopping.check(new IllegalStateException("cancelled")))
          .hasMessage("runs/a was stopped (SIGTERM): train --resume runs/a continues it");
      MonaException full = new MonaException(MonaException.Category.STORAGE, "the disk is full");
      assertThatCode(() -> stopping.check(full)).doesNotThrowAnyException();
    } finally {
      hanging.countDown();
    }
  }

  @Test
  void aStartThatWasAskedToStopHasNotFailed(@TempDir Path directory) {
    Parallelism parallelism = new Parallelism(2, List.of("1"), List.of("unset"));
    Map<String, Object> first = Map.of("seed", 7);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      Starts.begin(run, Optional.empty(), first, spark, parallelism).breakOff(false);
      Starts stopped = Starts.begin(run, Starts.facts(run), first, spark, parallelism);
      stopped.breakOff(true);
      assertThat(Provenance.read(run).findValuesAsText("stop_reason"))
          .containsExactly("FAILED", "STOPPED");
      Starts.begin(run, Starts.facts(run), first, spark, parallelism).end("DIVERGED", 1);
      assertThat(Provenance.read(run).path("stop_reason").asText()).isEqualTo("DIVERGED");
      Starts.begin(run, Starts.facts(run), first, spark, parallelism);
      // one that is under way has not ended, however an earlier start did
      assertThat(Provenance.read(run).has("stop_reason")).isFalse();
      assertThat(Provenance.read(run).path("starts")).hasSize(4);
    }
  }

  /** What comes of a cancelled job reaches those who keep the epoch's rounds from it. */
  @Test
  void aCancelledJobFailsWithWhatAMethodMayThrow() {
    assertThatThrownBy(
            () ->
                SparkJob.described(
                    spark,
                    "measure",
                    () ->
                        spark
                            .parallelize(List.of(1), 1)
                            .map(
                                value -> {
                                  throw new IllegalArgumentException("no such value");
                                })
                            .collect()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Spark job 'measure' failed")
        .cause()
        .isInstanceOf(SparkException.class);
    assertThat(spark.getLocalProperty("spark.job.description")).isNull();
  }

  private static volatile @Nullable Stopping asked;

  /** Its task lasts longer than a round may stand still. */
  @Test
  void aRoundThatTakesLocalStepsDoesNotStandStill(@TempDir Path directory) {
    LearnerOptions options = finetuning(1);
    try (Stopping stopping = stopping(LONG, SHORT)) {
      asked = stopping;
      assertThat(train(stopping, options, () -> new Slow(options), directory))
          .containsExactly("finetuning-0000-000001");
      assertThatThrownBy(stopping::check).hasMessageContaining("the task has ended");
    }
  }

  /** Tells its progress, and then asks to stop. */
  private static final class Slow implements Learner {
    private final Learner learner;

    Slow(LearnerOptions options) {
      this.learner = SmallJob.learners(options, Disturbance.NONE).create();
    }

    @Override
    public Held hold(Stage stage, TrainingState state) {
      return learner.hold(stage, state);
    }

    @Override
    public RoundResult run(RoundWork work, TrainingState state, PartitionSamples samples) {
      throw new UnsupportedOperationException("without word of progress");
    }

    @Override
    public RoundResult run(
        RoundWork work, TrainingState state, PartitionSamples samples, Runnable step) {
      for (int i = 0; i < 30; i++) {
        try {
          Thread.sleep(100);
        } catch (InterruptedException e) {
          throw new IllegalStateException("cancelled", e);
        }
        step.run();
      }
      Objects.requireNonNull(asked).request().request("the task has ended");
      return learner.run(work, state, samples);
    }

    @Override
    public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
      return learner.predict(stage, state, block);
    }

    @Override
    public TrainingState initialState(Stage stage, float[] parameters) {
      return learner.initialState(stage, parameters);
    }

    @Override
    public void close() {}
  }
}
