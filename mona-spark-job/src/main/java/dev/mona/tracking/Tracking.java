package dev.mona.tracking;

import dev.mona.MonaException;
import dev.mona.events.EpochEnded;
import dev.mona.events.RoundEnded;
import dev.mona.events.RunEnded;
import dev.mona.events.RunListener;
import dev.mona.events.RunResumed;
import dev.mona.events.RunStarted;
import dev.mona.events.StageStarted;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells trackers what a run tells, each on a thread of its own. The run waits for them at its end
 * alone, for {@link #LONGEST} at most.
 */
public final class Tracking implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Tracking.class);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final List<Outbox> outboxes;
  private final Configuration hadoop;
  private final Scalars scalars = new Scalars(Clock.systemUTC());
  private @Nullable RunStarted run;
  private long after;
  private Outcome outcome = Outcome.FAILED;

  /**
   * Trackers that are told nothing yet.
   *
   * @param hadoop opens the run's directory
   */
  public Tracking(List<? extends Tracker> trackers, Configuration hadoop) {
    this(trackers, hadoop, PAUSE);
  }

  Tracking(List<? extends Tracker> trackers, Configuration hadoop, Duration pause) {
    this.outboxes = trackers.stream().map(tracker -> new Outbox(tracker, pause)).toList();
    this.hadoop = hadoop;
  }

  @Override
  public void runStarted(RunStarted started) {
    run = started;
  }

  @Override
  public void runResumed(RunResumed resumed) {
    if (outboxes.isEmpty() || run == null) {
      return;
    }
    try {
      after = EndedRounds.before(resumed, run.directory(), hadoop);
      scalars.goOnAfter(after);
    } catch (MonaException e) {
      log.warn("event=tracking_failed reason=\"{}\": steps begin anew", e.getMessage());
    }
  }

  /** Trackers begin here, so that a run is seen before its first round has ended. */
  @Override
  public void stageStarted(StageStarted started) {
    tell(List.of());
  }

  @Override
  public void roundEnded(RoundEnded ended) {
    tell(scalars.of(ended));
  }

  @Override
  public void epochEnded(EpochEnded ended) {
    tell(scalars.of(ended));
  }

  @Override
  public void runEnded(RunEnded ended) {
    tell(scalars.of(ended));
    outcome = ended.diverged() ? Outcome.FAILED : Outcome.FINISHED;
  }

  private void tell(List<Scalar> values) {
    RunStarted of = run;
    if (of != null) {
      outboxes.forEach(outbox -> outbox.add(of, after, values));
    }
  }

  /**
   * The run did not end by itself.
   *
   * @param asked whether somebody asked for it
   */
  public void brokenOff(boolean asked) {
    outcome = asked ? Outcome.KILLED : Outcome.FAILED;
  }

  @Override
  public void close() {
    RunStarted of = run;
    run = null;
    if (of != null) {
      outboxes.forEach(outbox -> outbox.end(of, after, outcome));
      long until = System.nanoTime() + LONGEST.toNanos();
      outboxes.forEach(
          outbox -> outbox.await(Duration.ofNanos(Math.max(0, until - System.nanoTime()))));
    }
  }
}
