package dev.mona.stopping;

import dev.mona.MonaException;
import dev.mona.config.RecoveryConfig;
import dev.mona.training.StopRequest;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a run is brought to its end early: by a signal, or by a round that stands still. The training
 * ends after the round under way; when that takes longer than its grace, all Spark jobs of the run
 * are cancelled until it has ended.
 */
public final class Stopping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Stopping.class);
  private static final long AGAIN_MILLIS = 1000;

  private final JavaSparkContext spark;
  private final String group;
  private final String location;
  private final Duration grace;
  private final StopRequest request = new StopRequest();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "mona-stop");
            made.setDaemon(true);
            return made;
          });
  private final StopSignals signals;
  private final StallWatch watch;

  /**
   * Watches over a run until closed.
   *
   * @param group the job group of all its Spark jobs
   * @param location the run's directory, for the sentence that ends it
   */
  public Stopping(JavaSparkContext spark, String group, String location, RecoveryConfig recovery) {
    this.spark = spark;
    this.group = group;
    this.location = location;
    this.grace = recovery.stop();
    this.watch = StallWatch.start(spark, group, recovery.stall(), clock, this::stall);
    request.whenRequested(this::leaveGrace);
    this.signals = StopSignals.to(request);
  }

  public StopRequest request() {
    return request;
  }

  /** Tasks that stand still do not end by being waited for. */
  private void stall(String what) {
    request.request(what);
    cancel();
  }

  private void leaveGrace() {
    log.warn(
        "event=stopping because=\"{}\" grace_seconds={}",
        request.reason().orElse(""),
        grace.toSeconds());
    // ends with the clock
    Future<?> unused =
        clock.scheduleWithFixedDelay(
            this::cancel, grace.toMillis(), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void cancel() {
    if (!spark.sc().isStopped()) {
      spark.cancelJobGroup(group);
    }
  }

  /**
   * Ends the run if that was asked for.
   *
   * @throws MonaException with one sentence that says why and how to go on
   */
  public void check() {
    if (request.isRequested()) {
      throw new MonaException(MonaException.Category.ENVIRONMENT, sentence());
    }
  }

  /** The same, because of a failure that cancelling has caused. */
  public void check(Throwable failure) {
    // what a user can act on has its own sentence: a checkpoint that cannot be written, for one
    if (request.isRequested() && !(failure instanceof MonaException)) {
      throw new MonaException(MonaException.Category.ENVIRONMENT, sentence(), failure);
    }
  }

  private String sentence() {
    return "%s was stopped (%s): train --resume %s continues it"
        .formatted(location, request.reason().orElse(""), location);
  }

  @Override
  public void close() {
    signals.close();
    watch.close();
    clock.shutdownNow();
  }
}
