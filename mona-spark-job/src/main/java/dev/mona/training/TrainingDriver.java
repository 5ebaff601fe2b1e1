package dev.mona.training;

import dev.mona.MonaException;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.events.RunListener;
import dev.mona.events.RunListeners;
import dev.mona.events.RunResumed;
import dev.mona.events.StageEnded;
import dev.mona.events.StopReason;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.rounds.Session;
import dev.mona.rounds.StageSchedule;
import dev.mona.rounds.Workers;
import dev.mona.rounds.Workload;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs warm-up, alignment and finetuning as rounds of parameter averaging. Parameters pass from
 * stage to stage by group, optimizer moments start anew in each. With checkpoints, every epoch, and
 * rounds within it when they are due, leave their full state behind, and a resumed run ends with
 * the bytes of an uninterrupted one.
 */
public final class TrainingDriver {
  private static final Logger log = LoggerFactory.getLogger(TrainingDriver.class);

  private final TrainingOptions options;
  private final LearnerFactory learners;
  private final RunListener listener;
  private final StageExport export;
  private final EpochEvaluator evaluator;
  private final @Nullable Validation validation;
  private final @Nullable CheckpointStore checkpoints;
  private final CheckpointInterval interval;
  private final StopRequest stop;
  private final boolean resume;

  private TrainingDriver(Builder builder) {
    this.options = builder.options;
    this.learners = builder.learners;
    this.listener = builder.listener;
    this.export = builder.export;
    this.evaluator = builder.evaluator;
    this.validation = builder.validation;
    this.checkpoints = builder.checkpoints;
    this.interval = builder.interval;
    this.stop = builder.stop;
    this.resume = builder.resume;
  }

  /** A driver without validation, checkpoints and listeners. */
  public static Builder builder(TrainingOptions options, LearnerFactory learners) {
    return new Builder(options, learners);
  }

  /**
   * Trains.
   *
   * @param session leads to the workers
   * @param initial the model to start from; on resume the same as at the first start
   * @param training one block in each partition, and as many for each of the {@code
   *     averaging.partitions} workers
   * @throws MonaException if there is a checkpoint that cannot be resumed from, or one that would
   *     be overwritten
   */
  public TrainingSummary run(
      Session session, ModelParameters initial, JavaRDD<SampleBlock> training) {
    JavaRDD<SampleBlock> scored =
        validation == null
            ? JavaSparkContext.fromSparkContext(training.context()).emptyRDD()
            : validation.blocks();
    return session.run(
        new Workload(options.averaging(), learners, training, scored),
        workers -> train(workers, initial));
  }

  /** The loop itself, over any kind of workers. */
  TrainingSummary train(Workers workers, ModelParameters initial) {
    Checkpoint from = start(initial);
    TrainingClock clock = TrainingClock.from(from);
    // no thread of its own goes on writing when the run is over, however it ended
    try (Saving saving = new Saving(checkpoints, interval, listener, clock)) {
      Surroundings surroundings =
          new Surroundings(
              workers,
              listener,
              new EpochScoring(validation == null ? null : validation.metric(), evaluator),
              new Ending(stop, options.stopping()),
              saving);
      return train(surroundings, initial, from);
    }
  }

  private TrainingSummary train(
      Surroundings surroundings, ModelParameters initial, @Nullable Checkpoint from) {
    List<EpochScore> history = new ArrayList<>();
    ModelParameters model = initial;
    if (from != null) {
      history.addAll(from.history());
      listener.runResumed(new RunResumed(from.stage(), from.epochs(), from.underWay().rounds()));
      log.info(
          "event=resume stage={} epochs={} rounds={}",
          from.stage().id(),
          from.epochs(),
          from.underWay().rounds());
    }
    StopReason reason = StopReason.COMPLETED;
    for (Stage stage : Stage.values()) {
      StageOptions stageOptions = options.learner().stage(stage);
      boolean done = from != null && stage.compareTo(from.stage()) < 0;
      if (stageOptions.epochs() == 0 || done || reason != StopReason.COMPLETED) {
        continue;
      }
      StageSchedule schedule =
          StageSchedule.of(
              stage,
              stageOptions,
              options.averaging().frequency(),
              surroundings.workers().partitionSizes());
      Checkpoint within = from != null && from.stage() == stage ? from : null;
      StageModel made = new StageModel(stage, stageOptions, model);
      StageRun run = new StageRun(surroundings, schedule, made, history, within);
      reason = run.run();
      model = run.parameters();
      surroundings.saving().join();
      if (reason != StopReason.STOPPED) {
        export.stageEnded(stage, model);
        listener.stageEnded(new StageEnded(stage));
      }
    }
    double seconds = surroundings.saving().seconds();
    log.info("event=end reason={} epochs={} seconds={}", reason, history.size(), seconds);
    return new TrainingSummary(reason, model, history, seconds);
  }

  /** The checkpoint to go on from, if any; its state has to be one of this model. */
  private @Nullable Checkpoint start(ModelParameters initial) {
    if (checkpoints == null) {
      return null;
    }
    if (!resume) {
      if (!checkpoints.isEmpty()) {
        throw new MonaException(
            MonaException.Category.STORAGE,
            "the output directory already holds checkpoints of a run: resume it or choose another"
                + " directory");
      }
      return null;
    }
    Checkpoint from = checkpoints.latest().orElse(null);
    if (from != null) {
      int expected = initial.length(from.stage().trained());
      int found = from.state().parameters().length;
      if (found != expected) {
        throw MonaException.weights(
            "the checkpoint holds "
                + found
                + " parameters but the model has "
                + expected
                + ": resume with the weights that the run started from");
      }
    }
    return from;
  }

  /** Collects what a driver works with. */
  public static final class Builder {
    private final TrainingOptions options;
    private final LearnerFactory learners;
    private RunListener listener = RunListeners.of();
    private StageExport export = StageExport.NONE;
    private EpochEvaluator evaluator = EpochEvaluator.NONE;
    private @Nullable Validation validation;
    private @Nullable CheckpointStore checkpoints;
    private CheckpointInterval interval = CheckpointInterval.EPOCHS;
    private StopRequest stop = new StopRequest();
    private boolean resume;

    private Builder(TrainingOptions options, LearnerFactory learners) {
      this.options = options;
      this.learners = learners;
    }

    /** Scores every epoch; without it the last epoch is taken and nothing stops early. */
    public Builder validation(Validation newValidation) {
      this.validation = newValidation;
      return this;
    }

    public Builder listener(RunListener newListener) {
      this.listener = newListener;
      return this;
    }

    /** Takes the model at the end of every stage, before the listener is told. */
    public Builder export(StageExport newExport) {
      this.export = newExport;
      return this;
    }

    public Builder evaluator(EpochEvaluator newEvaluator) {
      this.evaluator = newEvaluator;
      return this;
    }

    /** Writes a checkpoint after every epoch; there must be none yet. */
    public Builder checkpoints(CheckpointStore store) {
      this.checkpoints = store;
      this.resume = false;
      return this;
    }

    /** Goes on from the newest checkpoint, or starts where there is none, and writes more. */
    public Builder resume(CheckpointStore store) {
      this.checkpoints = store;
      this.resume = true;
      return this;
    }

    /** Writes checkpoints within an epoch, too. */
    public Builder interval(CheckpointInterval newInterval) {
      this.interval = newInterval;
      return this;
    }

    /** Ends after the round in which this is asked for. */
    public Builder stop(StopRequest newStop) {
      this.stop = newStop;
      return this;
    }

    public TrainingDriver build() {
      return new TrainingDriver(this);
    }
  }
}
