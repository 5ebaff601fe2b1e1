package dev.mona.training;

import dev.mona.MonaException;
import dev.mona.checkpoint.BestEpoch;
import dev.mona.checkpoint.Checkpoint;
import dev.mona.checkpoint.EpochScore;
import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.checkpoint.Position;
import dev.mona.checkpoint.Selection;
import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Evaluation;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.RunListener;
import dev.mona.events.StageStarted;
import dev.mona.events.StopReason;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundObserver;
import dev.mona.rounds.RoundOutcome;
import dev.mona.rounds.StageSchedule;
import dev.mona.rounds.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stage from its start, or from a checkpoint within it, to its end. */
final class StageRun {
  private static final Logger log = LoggerFactory.getLogger(StageRun.class);

  private final Surroundings surroundings;
  private final Workers workers;
  private final RunListener listener;
  private final Ending ending;
  private final Saving saving;
  private final StageSchedule schedule;
  private final StageModel model;
  private final List<EpochScore> history;
  private TrainingState state;
  private Selection selection = Selection.START;
  private int epochsDone;

  /** What the stage would hand on at the start of the epoch under way. */
  private float[] epochStart;

  private EpochProgress progress = EpochProgress.START;

  /**
   * A stage at its start.
   *
   * @param model the model that the stage makes of its states
   * @param history epochs so far; the stage adds its own
   */
  StageRun(
      Surroundings surroundings,
      StageSchedule schedule,
      StageModel model,
      List<EpochScore> history,
      @Nullable Checkpoint from) {
    this.surroundings = surroundings;
    this.workers = surroundings.workers();
    this.listener = surroundings.listener();
    this.ending = surroundings.ending();
    this.saving = surroundings.saving();
    saving.stageStarted();
    this.schedule = schedule;
    this.model = model;
    this.history = history;
    if (from == null) {
      this.state = workers.initialState(schedule.stage(), model.start());
      this.epochStart = model.result(state);
    } else {
      this.state = from.state();
      this.selection = from.selection();
      this.epochsDone = from.epochs();
      this.progress = EpochProgress.of(from.underWay());
      float[] start = from.underWay().start();
      this.epochStart = start == null ? model.result(state) : start;
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
    listener.stageStarted(
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
      return model.with(best.parameters());
    }
    return epochsDone == 0 ? model.before() : model.with(epochStart);
  }

  /** Only the last stage has something to choose from: the others hand on where they got to. */
  private boolean selects() {
    return schedule.stage() == Stage.FINETUNING;
  }

  private boolean stopsEarly() {
    return selects() && selection.stops(ending.options().patience());
  }

  /** How the epoch ended: {@code COMPLETED} when the next one may follow. */
  private StopReason runEpoch() {
    long began = System.nanoTime();
    while (progress.rounds() < schedule.roundsPerEpoch()) {
      if (ending.request().isRequested()) {
        return stop();
      }
      Followed rounds = new Followed();
      TrainingState reached;
      try {
        Round next = schedule.round(epochsDone, progress.rounds());
        reached = workers.run(next, state, rounds);
      } catch (RuntimeException e) {
        if (e == rounds.failure) {
          throw e;
        }
        saving.roundsLost(rounds.reached.rounds() - progress.rounds());
        return abandon(e);
      }
      if (rounds.diverged) {
        // no checkpoint follows, but how it came to this is worth seeing
        saving.join();
        listener.record().run();
        return StopReason.DIVERGED;
      }
      if (workers.keepMoments() && rounds.reached.rounds() < schedule.roundsPerEpoch()) {
        // a stop within an epoch, to be done again from the end of the last one
        saving.roundsLost(rounds.reached.rounds() - progress.rounds());
        return stop();
      }
      state = reached;
      progress = rounds.reached;
      saveIfDue();
    }
    float[] result = model.result(state);
    double score;
    Evaluation evaluation;
    Map<String, Double> metrics = new LinkedHashMap<>(progress.metrics().means());
    try {
      long trained = System.nanoTime();
      score = validate(epochsDone, result);
      long validated = System.nanoTime();
      metrics.putAll(
          surroundings
              .scoring()
              .evaluator()
              .evaluate(schedule.stage(), epochsDone, model.with(result)));
      evaluation = Evaluation.of(trained, validated, System.nanoTime());
    } catch (RuntimeException e) {
      return abandon(e);
    }
    end(new EpochScore(schedule.stage(), epochsDone, score, metrics), result, evaluation, began);
    return StopReason.COMPLETED;
  }

  /**
   * Rounds as their workers tell them. Where the state comes with a round, it is kept and saved at
   * once; where it stays with the workers, it is asked for when a checkpoint is due.
   */
  private final class Followed implements RoundObserver {
    private EpochProgress reached = progress;
    private boolean diverged;
    private @Nullable RuntimeException failure;

    @Override
    public boolean goesOn(Round round, RoundOutcome outcome) {
      try {
        return follow(round, outcome);
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
    }

    private boolean follow(Round round, RoundOutcome outcome) {
      report(round, outcome);
      EpochProgress next = reached.after(round, outcome, droppedBefore());
      if (!outcome.isFinite() || tooManyDropped(next)) {
        log.warn(
            "event=diverged stage={} epoch={} round={} dropped_in_a_row={}",
            schedule.stage().id(),
            round.epoch() + 1,
            round.round() + 1,
            (long) next.droppedInARow());
        diverged = true;
        return false;
      }
      reached = next;
      saving.roundEnded();
      TrainingState here = outcome.average().state();
      boolean wanted = here == null && !workers.keepMoments() && saving.isDue();
      if (here != null) {
        state = here;
        progress = next;
        saveIfDue();
      }
      return !wanted && !ending.request().isRequested();
    }
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
    int limit = ending.options().droppedSteps();
    return limit > 0 && reached.droppedInARow() >= limit;
  }

  private void end(EpochScore scored, float[] result, Evaluation evaluation, long began) {
    int epoch = epochsDone;
    if (selects() && surroundings.scoring().metric() != null) {
      double minimum = ending.options().minimumImprovement();
      selection = selection.after(epoch, scored.score(), result, minimum);
    }
    long examples = progress.examples();
    epochsDone++;
    epochStart = result;
    progress = EpochProgress.START;
    history.add(scored);
    BestEpoch best = selection.best();
    double seconds = (System.nanoTime() - began) / 1e9;
    Map<String, Double> figures = new LinkedHashMap<>(scored.metrics());
    if (!Double.isNaN(scored.score())) {
      figures.put(EpochEnded.VALIDATION_ERROR, scored.score());
    }
    listener.epochEnded(
        new EpochEnded(
            new EpochPosition(schedule.stage(), epoch, schedule.epochs()),
            new Work(examples, seconds),
            evaluation,
            figures,
            best != null && best.epoch() == epoch));
    save();
  }

  private double validate(int epoch, float[] result) {
    Metric metric = surroundings.scoring().metric();
    if (metric == null) {
      return Double.NaN;
    }
    String description =
        schedule.stage().id() + " epoch " + (epoch + 1) + "/" + schedule.epochs() + " validation";
    return workers.validate(description, schedule.stage(), state, result, metric);
  }

  /** Ends between two rounds. What is done is in a checkpoint then. */
  private StopReason stop() {
    if (saving.isBehind()) {
      save();
    }
    saving.join();
    log.info(
        "event=stopped stage={} epochs={} rounds={}",
        schedule.stage().id(),
        epochsDone,
        progress.rounds());
    return StopReason.STOPPED;
  }

  /** The workers failed, or were cancelled because the end was asked for and they took too long. */
  private StopReason abandon(RuntimeException failure) {
    if (ending.request().isRequested()) {
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

  /** At the end of an epoch its score comes first. */
  private void saveIfDue() {
    if (progress.rounds() < schedule.roundsPerEpoch() && saving.isDue()) {
      save();
    }
  }

  private void save() {
    boolean startIsKept = epochsDone == 0 || selection.best() != null;
    EpochUnderWay underWay = progress.underWay(startIsKept ? null : epochStart);
    saving.save(new Position(schedule.stage(), epochsDone, underWay), state, selection, history);
  }

  private double averagedBytes() {
    int moments = workers.keepMoments() ? 0 : state.moments().length;
    return (double) Float.BYTES * ((long) state.parameters().length + moments);
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
    figures.put(RoundEnded.AVERAGED_BYTES, averagedBytes());
    EpochPosition epoch = new EpochPosition(round.stage(), round.epoch(), round.epochs());
    listener.roundEnded(
        new RoundEnded(
            new RoundPosition(epoch, round.round(), round.rounds()),
            new Work(outcome.examples(), outcome.seconds()),
            figures));
  }
}
