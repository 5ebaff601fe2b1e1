package dev.mona.tracking;

import dev.mona.Reason;
import dev.mona.events.RunStarted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tracker is still to be told, and the thread that tells it. The run never waits for it
 * before its end, and then for a bounded time. A failure is a line in the log, the first in a row a
 * warning; what it concerned is kept and told after a pause.
 */
final class Outbox {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  /** Values that wait at most: tens of megabytes, hours of rounds. */
  private static final int LARGEST = 200_000;

  /** As many as MLflow takes in one request. */
  private static final int BATCH = 1000;

  private final Tracker tracker;
  private final Duration pause;
  private final ThreadPoolExecutor thread;

  // of both threads, guarded by this
  private final Deque<Scalar> waiting = new ArrayDeque<>();
  private boolean due;
  private long leftOut;

  // of the tracker's thread alone
  private boolean started;
  private boolean failing;
  private long failedAt;

  /**
   * An outbox that nothing is in.
   *
   * @param pause time after a failure in which nothing is tried
   */
  Outbox(Tracker tracker, Duration pause) {
    this.tracker = tracker;
    this.pause = pause;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, "mona-tracking-" + tracker.name());
              made.setDaemon(true);
              return made;
            });
  }

  /** Puts values in; those that there is no room for are left out. */
  synchronized void add(RunStarted run, long after, List<Scalar> values) {
    if (waiting.size() + values.size() > LARGEST) {
      leftOut += values.size();
    } else {
      waiting.addAll(values);
    }
    // one task at a time is in the executor's queue
    if (!due) {
      due = true;
      submit(() -> deliver(run, after, false));
    }
  }

  /** Tells the rest and the end. Returns at once. */
  void end(RunStarted run, long after, Outcome outcome) {
    submit(
        () -> {
          if (deliver(run, after, true)) {
            attempt(() -> tracker.end(outcome));
          }
          attempt(tracker::close);
        });
    thread.shutdown();
  }

  private void submit(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("event=tracking_ended tracker={}", tracker.name(), e);
    }
  }

  /** Waits for the end, and no longer than this. */
  void await(Duration longest) {
    try {
      if (!thread.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        cutOff();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      long lost = leftOut + waiting.size();
      if (lost > 0) {
        log.info("event=tracking_incomplete tracker={} values={}", tracker.name(), lost);
      }
    }
  }

  /** Ends what the tracker does, and closes it where nothing else will. */
  private void cutOff() throws InterruptedException {
    boolean unclosed = !thread.shutdownNow().isEmpty();
    if (unclosed && thread.awaitTermination(1, TimeUnit.SECONDS)) {
      attempt(tracker::close);
    }
  }

  /** Whether everything is told. */
  private boolean deliver(RunStarted run, long after, boolean last) {
    synchronized (this) {
      due = false;
    }
    if (failing && !last && System.nanoTime() - failedAt < pause.toNanos()) {
      return false;
    }
    boolean told =
        attempt(
            () -> {
              if (!started) {
                tracker.start(run, after);
                started = true;
              }
              for (List<Scalar> batch = next(); !batch.isEmpty(); batch = next()) {
                tracker.add(batch);
                remove(batch.size());
              }
            });
    if (told && failing) {
      log.info("event=tracking_again tracker={}", tracker.name());
      failing = false;
    }
    return told;
  }

  private synchronized List<Scalar> next() {
    return waiting.stream().limit(BATCH).toList();
  }

  private synchronized void remove(int values) {
    for (int i = 0; i < values; i++) {
      waiting.removeFirst();
    }
  }

  /** What a tracker does. */
  private interface Step {
    void run() throws IOException;
  }

  private boolean attempt(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException | RuntimeException e) {
      if (failing) {
        log.debug("event=tracking_failed tracker={}", tracker.name(), e);
      } else {
        log.warn(
            "event=tracking_failed tracker={} reason=\"{}\": the run goes on",
            tracker.name(),
            Reason.of(e));
      }
      failing = true;
      failedAt = System.nanoTime();
      return false;
    }
  }
}
