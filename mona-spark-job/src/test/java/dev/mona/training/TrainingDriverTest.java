package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunListener;
import dev.mona.events.RunResumed;
import dev.mona.events.StageEnded;
import dev.mona.events.StageStarted;
import dev.mona.events.StopReason;
import dev.mona.example.Disturbance;
import dev.mona.example.Errors;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundOutcome;
import dev.mona.storage.RunDirectory;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop over one worker in this thread. */
class TrainingDriverTest {
  private static final SampleBlock TRAINING = SmallJob.blocks(5, 20).get(0);
  private static final SampleBlock VALIDATION = SmallJob.blocks(77, 30).get(0);

  /** Real steps, made-up scores. */
  private static class Scored extends OneMachine {
    private final double[] scores;
    private int next;

    Scored(LearnerOptions options, double... scores) {
      super(SmallJob.learners(options, Disturbance.NONE).create(), TRAINING, VALIDATION);
      this.scores = scores;
    }

    @Override
    public double validate(
        String description, Stage stage, TrainingState state, float[] result, Metric metric) {
      return scores[next++];
    }
  }

  /** Keeps what it is told. */
  private static final class Log implements RunListener, StageExport {
    private final List<String> lines = new ArrayList<>();
    private final Map<Stage, ModelParameters> ended = new EnumMap<>(Stage.class);

    @Override
    public void runResumed(RunResumed from) {
      lines.add("resumed " + from.stage().id() + " " + from.epochs());
    }

    @Override
    public void stageStarted(StageStarted started) {
      lines.add(
          "start "
              + started.stage().id()
              + " "
              + started.epochs()
              + "x"
              + started.roundsPerEpoch()
              + (started.firstEpoch() == 0 ? "" : " from " + started.firstEpoch()));
    }

    @Override
    public void roundEnded(RoundEnded ended) {
      assertThat(ended.figures()).containsKeys("loss", "averaging_seconds");
      RoundPosition at = ended.at();
      lines.add("round " + at.epoch().index() + "." + at.index() + " " + ended.work().examples());
    }

    @Override
    public void epochEnded(EpochEnded ended) {
      lines.add("epoch " + ended.at().index() + (ended.best() ? " best" : ""));
    }

    Stream<String> work() {
      return lines.stream().filter(line -> line.startsWith("round") || line.startsWith("epoch"));
    }

    ModelParameters end(Stage stage) {
      return Objects.requireNonNull(ended.get(stage), stage.name());
    }

    @Override
    public void stageEnded(Stage stage, ModelParameters parameters) {
      lines.add("end " + stage.id());
      ended.put(stage, parameters);
    }
  }

  private static LearnerOptions finetuning(int epochs) {
    return SmallJob.options(
        SmallJob.stage(0, 8, SmallJob.ADAM),
        SmallJob.stage(0, 8, SmallJob.ADAM),
        SmallJob.stage(epochs, 8, SmallJob.ADAM));
  }

  private static TrainingDriver.Builder driver(LearnerOptions options, StoppingOptions stopping) {
    return TrainingDriver.builder(
        new TrainingOptions(options, new AveragingOptions(1, 2, 16), stopping),
        SmallJob.learners(options, Disturbance.NONE));
  }

  /** Scores come from the workers; the blocks are never looked at. */
  @SuppressWarnings("NullAway")
  private static Validation validation() {
    return new Validation((JavaRDD<SampleBlock>) null, new Errors());
  }

  @Test
  void takesTheBestEpochOfFinetuning() {
    LearnerOptions options = finetuning(4);
    Log log = new Log();
    List<ModelParameters> epochs = new ArrayList<>();
    TrainingSummary summary =
        driver(options, StoppingOptions.NEVER)
            .validation(validation())
            .listener(log)
            .export(log)
            .evaluator(
                (stage, epoch, model) -> {
                  epochs.add(model);
                  return Map.of("gap", epoch / 4.0);
                })
            .build()
            .train(new Scored(options, 0.4, 0.2, 0.3, 0.2), SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.COMPLETED);
    assertThat(summary.bestEpoch().map(EpochScore::epoch)).contains(1);
    assertSame(summary.parameters(), epochs.get(1));
    assertThat(summary.history())
        .extracting(e -> e.metrics().get("gap"))
        .containsExactly(0.0, 0.25, 0.5, 0.75);
    assertThat(log.lines)
        .startsWith("start finetuning 4x2", "round 0.0 16", "round 0.1 4", "epoch 0 best")
        .containsSubsequence("epoch 1 best", "epoch 2", "epoch 3", "end finetuning");
  }

  @Test
  void stopsWhenTheScoreNoLongerImproves() {
    LearnerOptions options = finetuning(9);
    TrainingSummary summary =
        driver(options, new StoppingOptions(2, 0.05, 0))
            .validation(validation())
            .build()
            .train(new Scored(options, 0.4, 0.3, 0.29, 0.28), SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
    assertThat(summary.history()).hasSize(4);
    assertThat(summary.bestEpoch().map(EpochScore::epoch)).contains(3);
  }

  @Test
  void earlierStagesHandOnTheirLastEpochByGroup() {
    LearnerOptions options =
        SmallJob.options(
            SmallJob.stage(2, 8, SmallJob.ADAM),
            SmallJob.stage(1, 8, SmallJob.ADAM),
            SmallJob.stage(1, 8, SmallJob.ADAM));
    Log log = new Log();
    List<TrainingState> starts = new ArrayList<>();
    Scored workers =
        new Scored(options, 0.1, 0.4, 0.3, 0.2) {
          @Override
          public TrainingState initialState(Stage stage, float[] parameters) {
            TrainingState state = super.initialState(stage, parameters);
            starts.add(state);
            return state;
          }
        };
    List<ModelParameters> epochs = new ArrayList<>();
    driver(options, StoppingOptions.NEVER)
        .validation(validation())
        .listener(log)
        .export(log)
        .evaluator(
            (stage, epoch, model) -> {
              epochs.add(model);
              return Map.of();
            })
        .build()
        .train(workers, SmallTraining.INITIAL);
    assertSame(log.end(Stage.WARMUP), epochs.get(1));
    assertThat(starts.get(1).parameters()).isEqualTo(epochs.get(1).flat(Stage.ALIGNMENT.trained()));
    assertThat(starts.get(2).parameters())
        .isEqualTo(epochs.get(2).flat(Stage.FINETUNING.trained()));
    assertThat(starts).allSatisfy(start -> assertThat(start.iteration()).isZero());
    assertThat(epochs.get(2).of(ParameterGroup.ENCODER))
        .as("frozen before finetuning")
        .isEqualTo(SmallTraining.INITIAL.of(ParameterGroup.ENCODER));
    assertThat(epochs.get(3).of(ParameterGroup.ENCODER))
        .isNotEqualTo(SmallTraining.INITIAL.of(ParameterGroup.ENCODER));
  }

  @Test
  void withoutValidationTheLastEpochIsTaken() {
    LearnerOptions options = finetuning(2);
    List<ModelParameters> epochs = new ArrayList<>();
    TrainingSummary summary =
        driver(options, new StoppingOptions(1, 0, 0))
            .evaluator(
                (stage, epoch, model) -> {
                  epochs.add(model);
                  return Map.of();
                })
            .build()
            .train(new Scored(options), SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.COMPLETED);
    assertThat(summary.bestEpoch()).isEmpty();
    assertSame(summary.parameters(), epochs.get(1));
  }

  @Test
  void divergenceIsAResultAndKeepsTheBestEpoch() {
    LearnerOptions options =
        SmallJob.options(
            SmallJob.stage(1, 8, SmallJob.SGD),
            SmallJob.stage(0, 8, SmallJob.SGD),
            SmallJob.stage(5, 8, SmallJob.sgd(1e12, 0)));
    Log log = new Log();
    TrainingSummary summary =
        driver(options, StoppingOptions.NEVER)
            .validation(validation())
            .listener(log)
            .export(log)
            .build()
            .train(new Scored(options, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4), SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.DIVERGED);
    for (ParameterGroup group : ParameterGroup.values()) {
      for (float value : summary.parameters().of(group)) {
        assertThat(value).isFinite();
      }
    }
    assertSame(summary.parameters(), log.end(Stage.FINETUNING));
  }

  /** An optimizer can break while parameters still look well: what it did is not kept. */
  @Test
  void momentsThatAreNotFiniteEndTheRunBeforeTheyAreKept(@TempDir Path directory) {
    LearnerOptions options = finetuning(3);
    Scored workers =
        new Scored(options, 0.4, 0.3) {
          @Override
          public RoundOutcome run(Round round, TrainingState state) {
            RoundOutcome outcome = super.run(round, state);
            if (round.epoch() == 1 && round.round() == 1) {
              outcome.state().moments()[3] = Float.POSITIVE_INFINITY;
            }
            return new RoundOutcome(outcome.state(), outcome.examples(), outcome.metrics(), 0, 0);
          }
        };
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      TrainingSummary summary =
          driver(options, StoppingOptions.NEVER)
              .validation(validation())
              .interval(new CheckpointInterval(1, Duration.ZERO))
              .checkpoints(store)
              .build()
              .train(workers, SmallTraining.INITIAL);
      assertThat(summary.stopReason()).isEqualTo(StopReason.DIVERGED);
      assertThat(summary.bestEpoch().map(EpochScore::epoch)).contains(0);
      Checkpoint newest = store.latest().orElseThrow();
      assertThat(newest.epochs()).isEqualTo(1);
      for (float moment : newest.state().moments()) {
        assertThat(moment).isFinite();
      }
    }
  }

  /** Drops all steps of the rounds from one on, counted over the stage of two rounds an epoch. */
  private static final class Dropping extends Scored {
    private final int from;

    Dropping(LearnerOptions options, int from, double... scores) {
      super(options, scores);
      this.from = from;
    }

    @Override
    public RoundOutcome run(Round round, TrainingState state) {
      RoundOutcome outcome = super.run(round, state);
      boolean drops = 2 * round.epoch() + round.round() >= from;
      return new RoundOutcome(
          drops
              ? new TrainingState(state.parameters(), state.moments(), outcome.state().iteration())
              : outcome.state(),
          outcome.examples(),
          outcome
              .metrics()
              .merge(
                  new Diagnostics(
                      Map.of("dropped_steps", drops ? (double) round.steps().count() : 0),
                      Map.of("dropped_steps", (long) round.steps().count()))),
          0,
          0);
    }
  }

  /**
   * Rounds of two steps and of one; from the second round on all are dropped: 1, 3, 4, 6 in a row.
   * Also when it is gone on with after each round, within an epoch or between two.
   */
  @Test
  void tooManyDroppedStepsInARowEndTheRunWhereverItIsContinued(@TempDir Path directory) {
    LearnerOptions options = finetuning(6);
    double[] scores = {0.4, 0.3, 0.2, 0.2, 0.2, 0.2};
    StoppingOptions five = new StoppingOptions(0, 0, 5);
    Log whole = new Log();
    TrainingSummary expected =
        driver(options, five)
            .validation(validation())
            .listener(whole)
            .export(whole)
            .build()
            .train(new Dropping(options, 1, scores), SmallTraining.INITIAL);
    assertThat(expected.stopReason()).isEqualTo(StopReason.DIVERGED);
    assertThat(whole.work().toList())
        .endsWith("round 1.0 16", "round 1.1 4", "epoch 1 best", "round 2.0 16");
    assertThat(expected.history())
        .extracting(epoch -> epoch.metrics().get("dropped_steps"))
        .containsExactly(1.0, 3.0);
    for (int after = 1; after <= 4; after++) {
      try (RunDirectory run =
          RunDirectory.open(directory.resolve("after-" + after).toString(), new Configuration())) {
        CheckpointStore store = new CheckpointStore(run, "abc", 2);
        StopRequest stop = new StopRequest();
        driver(options, five)
            .validation(validation())
            .checkpoints(store)
            .stop(stop)
            .listener(stopping(stop, after))
            .build()
            .train(new Dropping(options, 1, scores), SmallTraining.INITIAL);
        Log rest = new Log();
        TrainingSummary resumed =
            driver(options, five)
                .validation(validation())
                .listener(rest)
                .export(rest)
                .resume(store)
                .build()
                .train(
                    new Dropping(options, 1, Arrays.copyOfRange(scores, after / 2, 6)),
                    SmallTraining.INITIAL);
        assertThat(resumed.stopReason()).as("after round " + after).isEqualTo(StopReason.DIVERGED);
        assertThat(resumed.history()).isEqualTo(expected.history());
        assertThat(rest.work().toList()).endsWith("round 2.0 16");
      }
    }
    assertThat(
            driver(options, StoppingOptions.NEVER)
                .validation(validation())
                .build()
                .train(new Dropping(options, 1, scores), SmallTraining.INITIAL)
                .stopReason())
        .isEqualTo(StopReason.COMPLETED);
  }

  /** From the checkpoint of every epoch, as if the run had been interrupted there. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void resumesFromAnyEpochToTheSameResult(int killedAfter, @TempDir Path directory) {
    LearnerOptions options = SmallJob.threeStages();
    double[] scores = {0.5, 0.4, 0.3, 0.6, 0.35, 0.3, 0.32};
    Log whole = new Log();
    TrainingSummary expected =
        driver(options, StoppingOptions.NEVER)
            .validation(validation())
            .listener(whole)
            .export(whole)
            .build()
            .train(new Scored(options, scores), SmallTraining.INITIAL);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      assertThatThrownBy(
              () ->
                  driver(options, StoppingOptions.NEVER)
                      .validation(validation())
                      .listener(interruption(killedAfter, scores.length))
                      .checkpoints(store)
                      .build()
                      .train(new Scored(options, scores), SmallTraining.INITIAL))
          .hasMessage("interrupted");
      Log rest = new Log();
      TrainingSummary resumed =
          driver(options, StoppingOptions.NEVER)
              .validation(validation())
              .listener(rest)
              .export(rest)
              .resume(store)
              .build()
              .train(
                  new Scored(options, Arrays.copyOfRange(scores, killedAfter, scores.length)),
                  SmallTraining.INITIAL);
      assertThat(resumed.history()).isEqualTo(expected.history());
      assertSame(resumed.parameters(), expected.parameters());
      assertThat(rest.lines.get(0)).startsWith("resumed");
      assertSame(rest.end(Stage.FINETUNING), expected.parameters());
    }
  }

  /**
   * Every round leaves a checkpoint; the run is cut off after one, within an epoch or at its end.
   */
  @Test
  void resumesFromAnyRoundToTheSameResultAndTellsEachRoundOnce(@TempDir Path directory) {
    LearnerOptions options = SmallJob.threeStages();
    double[] scores = {0.5, 0.4, 0.3, 0.6, 0.35, 0.3, 0.32};
    Log whole = new Log();
    TrainingSummary expected =
        driver(options, StoppingOptions.NEVER)
            .validation(validation())
            .listener(whole)
            .export(whole)
            .build()
            .train(new Scored(options, scores), SmallTraining.INITIAL);
    int rounds = (int) whole.lines.stream().filter(line -> line.startsWith("round")).count();
    assertThat(rounds).isGreaterThan(scores.length);
    for (int cut = 1; cut < rounds; cut += 3) {
      String as = "cut after round " + cut;
      try (RunDirectory run =
          RunDirectory.open(directory.resolve("cut-" + cut).toString(), new Configuration())) {
        CheckpointStore store = new CheckpointStore(run, "abc", 2);
        Log first = new Log();
        Cut workers = new Cut(options, cut, scores);
        TrainingDriver.Builder builder =
            driver(options, StoppingOptions.NEVER)
                .validation(validation())
                .interval(new CheckpointInterval(1, Duration.ZERO));
        assertThatThrownBy(
                () ->
                    builder
                        .listener(first)
                        .export(first)
                        .checkpoints(store)
                        .build()
                        .train(workers, SmallTraining.INITIAL))
            .as(as)
            .hasMessage("cut");
        Log rest = new Log();
        TrainingSummary resumed =
            builder
                .listener(rest)
                .export(rest)
                .resume(store)
                .build()
                .train(
                    new Scored(options, Arrays.copyOfRange(scores, workers.scored, scores.length)),
                    SmallTraining.INITIAL);
        assertThat(resumed.history()).as(as).isEqualTo(expected.history());
        assertSame(resumed.parameters(), expected.parameters());
        assertThat(Stream.of(first, rest).flatMap(Log::work))
            .as(as)
            .containsExactlyElementsOf(whole.work().toList());
      }
    }
  }

  /** Ends without a word at a round. */
  private static final class Cut extends Scored {
    private final int after;
    private int done;
    private int scored;

    Cut(LearnerOptions options, int after, double... scores) {
      super(options, scores);
      this.after = after;
    }

    @Override
    public RoundOutcome run(Round round, TrainingState state) {
      if (done++ == after) {
        throw new IllegalStateException("cut");
      }
      return super.run(round, state);
    }

    @Override
    public double validate(
        String description, Stage stage, TrainingState state, float[] result, Metric metric) {
      scored++;
      return super.validate(description, stage, state, result, metric);
    }
  }

  /** A checkpoint within the epoch holds what the run would have ended with. */
  @Test
  void divergesWithTheSameParametersAfterAResumeWithinTheEpoch(@TempDir Path directory) {
    LearnerOptions options =
        SmallJob.options(
            SmallJob.stage(0, 8, SmallJob.SGD),
            SmallJob.stage(0, 8, SmallJob.SGD),
            SmallJob.stage(3, 4, SmallJob.SGD));
    int bad = 3 + 2; // rounds of the first epoch, and of the second before the one that diverges
    TrainingSummary expected =
        driver(options, StoppingOptions.NEVER)
            .build()
            .train(new Diverging(options, bad), SmallTraining.INITIAL);
    assertThat(expected.stopReason()).isEqualTo(StopReason.DIVERGED);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      StopRequest stop = new StopRequest();
      TrainingDriver.Builder builder = driver(options, StoppingOptions.NEVER);
      TrainingSummary stopped =
          builder
              .checkpoints(store)
              .stop(stop)
              .listener(stopping(stop, 3 + 1))
              .build()
              .train(new Diverging(options, bad), SmallTraining.INITIAL);
      assertThat(stopped.stopReason()).isEqualTo(StopReason.STOPPED);
      TrainingSummary resumed =
          driver(options, StoppingOptions.NEVER)
              .resume(store)
              .build()
              .train(new Diverging(options, 1), SmallTraining.INITIAL);
      assertThat(resumed.stopReason()).isEqualTo(StopReason.DIVERGED);
      assertSame(resumed.parameters(), expected.parameters());
    }
  }

  @Test
  void theRoundsThatLedToADivergenceAreRecorded() {
    LearnerOptions options = finetuning(3);
    AtomicInteger recorded = new AtomicInteger();
    RunListener counting =
        new RunListener() {
          private int rounds;

          @Override
          public void roundEnded(RoundEnded ended) {
            rounds++;
          }

          @Override
          public Runnable record() {
            int now = rounds;
            return () -> recorded.set(now);
          }
        };
    TrainingSummary summary =
        driver(options, StoppingOptions.NEVER)
            .listener(counting)
            .build()
            .train(new Diverging(options, 1), SmallTraining.INITIAL);
    assertThat(summary.stopReason()).isEqualTo(StopReason.DIVERGED);
    assertThat(recorded).hasValue(2);
  }

  /** A round that comes back with an infinite loss. */
  private static final class Diverging extends Scored {
    private final int bad;
    private int done;

    Diverging(LearnerOptions options, int bad) {
      super(options);
      this.bad = bad;
    }

    @Override
    public RoundOutcome run(Round round, TrainingState state) {
      RoundOutcome outcome = super.run(round, state);
      return done++ < bad
          ? outcome
          : new RoundOutcome(
              outcome.state(),
              outcome.examples(),
              new Diagnostics(Map.of("loss", Double.POSITIVE_INFINITY), Map.of("loss", 1L)),
              0,
              0);
    }
  }

  private static RunListener stopping(StopRequest stop, int afterRounds) {
    return new RunListener() {
      private int rounds;

      @Override
      public void roundEnded(RoundEnded ended) {
        if (++rounds == afterRounds) {
          stop.request("test");
        }
      }

      @Override
      public void stageEnded(StageEnded ended) {
        throw new IllegalStateException("a stage that was stopped has not ended");
      }
    };
  }

  /** Asked for between rounds, and by a round that is cancelled. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopsAfterARoundWithItsCheckpoint(boolean cancelled, @TempDir Path directory) {
    LearnerOptions options = finetuning(3);
    StopRequest stop = new StopRequest();
    OneMachine workers =
        new Scored(options, 0.1, 0.1, 0.1) {
          @Override
          public RoundOutcome run(Round round, TrainingState state) {
            if (cancelled && round.epoch() == 1 && round.round() == 1) {
              stop.request("test");
              throw new IllegalStateException("cancelled");
            }
            return super.run(round, state);
          }
        };
    TrainingDriver.Builder builder =
        driver(options, StoppingOptions.NEVER)
            .listener(stopping(stop, cancelled ? -1 : 3))
            .stop(stop);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      TrainingSummary summary =
          builder.checkpoints(store).build().train(workers, SmallTraining.INITIAL);
      assertThat(summary.stopReason()).isEqualTo(StopReason.STOPPED);
      assertThat(workers.rounds).hasSize(3);
      assertThat(run.list("checkpoints"))
          .containsExactly("finetuning-0001-000000", "finetuning-0001-000001");
    }
  }

  /** Dies in the first round after some epochs, or after the last one. */
  private static RunListener interruption(int afterEpochs, int allEpochs) {
    return new RunListener() {
      private int epochs;

      @Override
      public void roundEnded(RoundEnded ended) {
        if (epochs == afterEpochs) {
          throw new IllegalStateException("interrupted");
        }
      }

      @Override
      public void epochEnded(EpochEnded ended) {
        epochs++;
      }

      @Override
      public void stageEnded(StageEnded ended) {
        if (epochs == allEpochs) {
          throw new IllegalStateException("interrupted");
        }
      }
    };
  }

  @Test
  void aFreshRunDoesNotOverwriteCheckpoints(@TempDir Path directory) {
    LearnerOptions options = finetuning(1);
    try (RunDirectory run = RunDirectory.open(directory.toString(), new Configuration())) {
      CheckpointStore store = new CheckpointStore(run, "abc", 2);
      TrainingDriver.Builder builder = driver(options, StoppingOptions.NEVER).checkpoints(store);
      builder.build().train(new Scored(options), SmallTraining.INITIAL);
      assertThatThrownBy(() -> builder.build().train(new Scored(options), SmallTraining.INITIAL))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("already holds checkpoints");
      Map<ParameterGroup, float[]> groups = new EnumMap<>(SmallTraining.INITIAL.groups());
      groups.put(ParameterGroup.HEAD, new float[1]);
      assertThatThrownBy(
              () ->
                  builder
                      .resume(store)
                      .build()
                      .train(new Scored(options), new ModelParameters(groups)))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("resume with the weights that the run started from");
    }
  }

  private static void assertSame(ModelParameters actual, ModelParameters expected) {
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(actual.of(group)).as(group.name()).isEqualTo(expected.of(group));
    }
  }
}
