package dev.mona.training;

import dev.mona.MonaException;
import dev.mona.averaging.Round;
import dev.mona.averaging.RoundOutcome;
import dev.mona.averaging.Workers;
import dev.mona.checkpoint.BestEpoch;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.CheckpointStore;
import dev.mona.checkpoint.EpochScore;
import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.StageStarted;
import dev.mona.events.StopReason;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stage from its start, or from a checkpoint within it, to its end. */
final class StageRun {
  private static final Logger log = LoggerFactory.getLogger(StageRun.class);

  private final TrainingDriver driver;
  private final Workers workers;
  private final CheckpointWriter writer;
  private final TrainingClock clock;
  private final StageSchedule schedule;
  private final ModelParameters before;
  private final List<EpochScore> history;
  private TrainingState state;
  private Selection selection = Selection.START;
  private int epochsDone;

  /** Parameters at the start of the epoch under way. */
  private float[] epochStart;

  private EpochProgress progress = EpochProgress.START;

  /** Rounds that no checkpoint holds, and when the last one was begun, by the nanosecond clock. */
  private int unsaved;

  private long saved = System.nanoTime();

  /**
   * A stage at its start.
   *
   * @param before the model before the stage
   * @param history epochs so far; the stage adds its own
   */
  StageRun(
      TrainingDriver driver,
      Workers workers,
      CheckpointWriter writer,
      TrainingClock clock,
      StageSchedule schedule,
      ModelParameters before,
      List<EpochScore> history,
      @Nullable Checkpoint from) {
    this.driver = driver;
    this.workers = workers;
    this.writer = writer;
    this.clock = clock;
    this.schedule = schedule;
    this.before = before;
    this.history = history;
    if (from == null) {
      this.state = workers.initialState(schedule.stage(), before.flat(schedule.stage().trained()));
      this.epochStart = state.parameters();
    } else {
      this.state = from.state();
      this.selection = new Selection(from.best(), from.reference(), from.staleEpochs());
      this.epochsDone = from.epochs();
      this.progress = EpochProgress.of(from.underWay());
      float[] start = from.underWay().start();
      this.epochStart = start == null ? state.parameters() : start;
      requireFits(from.underWay(), schedule);
    }
  }

  private static void requireFits(EpochUnderWay underWay, StageSchedule schedule) {
    if (underWay.rounds() > schedule.roundsPerEpoch()) {
      throw MonaException.configuration(
          "the checkpoint has "
              + underWay.rounds()
              + " rounds of an epoch done but an epoch has "
              + schedule.roundsPerEpoch()
              + ": resume with the data and partitions that the run started with");
    }
  }

  /** Runs the epochs that are left. */
  StopReason run() {
    driver
        .listener()
        .stageStarted(
            new StageStarted(
                schedule.stage(), schedule.epochs(), epochsDone, schedule.roundsPerEpoch()));
    while (epochsDone < schedule.epochs()) {
      if (stopsEarly()) {
        return StopReason.EARLY_STOPPING;
      }
      StopReason reason = runEpoch();
      if (reason != StopReason.COMPLETED) {
        return reason;
      }
    }
    return StopReason.COMPLETED;
  }

  /** The model after the stage, or after its last finite epoch. */
  ModelParameters parameters() {
    BestEpoch best = selection.best();
    if (selects() && best != null) {
      return before.with(schedule.stage().trained(), best.parameters());
    }
    return epochsDone == 0 ? before : before.with(schedule.stage().trained(), epochStart);
  }

  /** Only the last stage has something to choose from: the others hand on where they got to. */
  private boolean selects() {
    return schedule.stage() == Stage.FINETUNING;
  }

  private boolean stopsEarly() {
    return selects() && selection.stops(driver.options().stopping());
  }

  private ModelParameters now() {
    return before.with(schedule.stage().trained(), state.parameters());
  }

  /** How the epoch ended: {@code COMPLETED} when the next one may follow. */
  private StopReason runEpoch() {
    long began = System.nanoTime();
    while (progress.rounds() < schedule.roundsPerEpoch()) {
      if (driver.stop().isRequested()) {
        return stop();
      }
      Round round = schedule.round(epochsDone, progress.rounds());
      RoundOutcome outcome;
      try {
        outcome = workers.run(round, state);
      } catch (RuntimeException e) {
        return abandon(e);
      }
      report(round, outcome);
      EpochProgress next = progress.after(round, outcome, droppedBefore());
      if (!FiniteCheck.passes(outcome) || tooManyDropped(next)) {
        log.warn(
            "event=diverged stage={} epoch={} round={} dropped_in_a_row={}",
            schedule.stage().id(),
            round.epoch() + 1,
            round.round() + 1,
            (long) next.droppedInARow());
        // no checkpoint follows, but how it came to this is worth seeing
        writer.join();
        driver.listener().record().run();
        return StopReason.DIVERGED;
      }
      state = outcome.state();
      progress = next;
      unsaved++;
      saveIfDue();
    }
    double score;
    Map<String, Double> metrics = new LinkedHashMap<>(progress.metrics().means());
    try {
      score = validate(epochsDone);
      metrics.putAll(driver.evaluator().evaluate(schedule.stage(), epochsDone, now()));
    } catch (RuntimeException e) {
      return abandon(e);
    }
    end(new EpochScore(schedule.stage(), epochsDone, score, metrics), began);
    return StopReason.COMPLETED;
  }

  /** Steps in a row that were dropped up to the end of the stage's last epoch. */
  private double droppedBefore() {
    if (epochsDone == 0) {
      return 0;
    }
    EpochScore last = history.get(history.size() - 1);
    return last.metrics().getOrDefault(EpochProgress.DROPPED_IN_A_ROW, 0.0);
  }

  private boolean tooManyDropped(EpochProgress reached) {
    int limit = driver.options().stopping().droppedSteps();
    return limit > 0 && reached.droppedInARow() >= limit;
  }

  private void end(EpochScore scored, long began) {
    int epoch = epochsDone;
    if (selects() && driver.metric().isPresent()) {
      selection =
          selection.after(epoch, scored.score(), state.parameters(), driver.options().stopping());
    }
    long examples = progress.examples();
    epochsDone++;
    epochStart = state.parameters();
    progress = EpochProgress.START;
    history.add(scored);
    BestEpoch best = selection.best();
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<String, Double> figures = new LinkedHashMap<>(scored.metrics());
    if (!Double.isNaN(scored.score())) {
      figures.put(EpochEnded.VALIDATION_ERROR, scored.score());
    }
    driver
        .listener()
        .epochEnded(
            new EpochEnded(
                new EpochPosition(schedule.stage(), epoch, schedule.epochs()),
                new Work(examples, seconds),
                figures,
                best != null && best.epoch() == epoch));
    save();
  }

  private double validate(int epoch) {
    if (driver.metric().isEmpty()) {
      return Double.NaN;
    }
    Metric metric = driver.metric().get();
    String description =
        schedule.stage().id() + " epoch " + (epoch + 1) + "/" + schedule.epochs() + " validation";
    return workers.validate(description, schedule.stage(), state.parameters(), metric);
  }

  /** Ends between two rounds. What is done is in a checkpoint then. */
  private StopReason stop() {
    if (unsaved > 0) {
      save();
    }
    writer.join();
    log.info(
        "event=stopped stage={} epochs={} rounds={}",
        schedule.stage().id(),
        epochsDone,
        progress.rounds());
    return StopReason.STOPPED;
  }

  /** The workers failed, or were cancelled because the end was asked for and they took too long. */
  private StopReason abandon(RuntimeException failure) {
    if (driver.stop().isRequested()) {
      log.info("event=abandoned because=\"{}\"", failure.toString());
      return stop();
    }
    try {
      stop();
    } catch (RuntimeException second) {
      failure.addSuppressed(second);
    }
    throw failure;
  }

  /** One that is still being written when the next is due puts that off to a later round. */
  private void saveIfDue() {
    boolean ends = progress.rounds() == schedule.roundsPerEpoch();
    Duration since = Duration.ofNanos(System.nanoTime() - saved);
    if (!ends && driver.interval().isDue(unsaved, since) && writer.isIdle()) {
      save();
    }
  }

  /** Writes a checkpoint of this moment beside what follows. */
  private void save() {
    unsaved = 0;
    saved = System.nanoTime();
    CheckpointStore store = driver.checkpoints().orElse(null);
    if (store != null) {
      Runnable record = driver.listener().record();
      Checkpoint checkpoint = checkpoint();
      writer.write(
          () -> {
            record.run();
            store.save(checkpoint);
          });
    }
  }

  private Checkpoint checkpoint() {
    return new Checkpoint(
        schedule.stage(),
        epochsDone,
        progress.underWay(epochsDone == 0 || selection.best() != null ? null : epochStart),
        state,
        selection.best(),
        selection.reference(),
        selection.staleEpochs(),
        history,
        clock.seconds());
  }

  private void report(Round round, RoundOutcome outcome) {
    Map<String, Double> means = outcome.metrics().means();
    StringBuilder values = new StringBuilder();
    means.forEach((name, value) -> values.append(' ').append(name).append('=').append(value));
    log.info(
        "event=round stage={} epoch={}/{} round={}/{} examples={} seconds={}"
            + " averaging_seconds={}{}",
        round.stage().id(),
        round.epoch() + 1,
        round.epochs(),
        round.round() + 1,
        round.rounds(),
        outcome.examples(),
        outcome.seconds(),
        outcome.averagingSeconds(),
        values);
    Map<String, Double> figures = new LinkedHashMap<>(means);
    figures.put(RoundEnded.AVERAGING_SECONDS, outcome.averagingSeconds());
    EpochPosition epoch = new EpochPosition(round.stage(), round.epoch(), round.epochs());
    driver
        .listener()
        .roundEnded(
            new RoundEnded(
                new RoundPosition(epoch, round.round(), round.rounds()),
                new Work(outcome.examples(), outcome.seconds()),
                figures));
  }
}
