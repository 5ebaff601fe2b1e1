package dev.mona.stopping;

import dev.mona.averaging.Workers;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import scala.collection.JavaConverters;

/**
 * Tells when a round stands still: none of its tasks has ended and none has taken a local step for
 * a while. Executors tell their steps with their heartbeats.
 */
final class StallWatch implements AutoCloseable {
  private static final int NAMED = 8;
  private static final long MOST_MILLIS_BETWEEN_LOOKS = 30_000;

  /** Where a task is, how many local steps it has taken, and when it took the last one. */
  private record Running(int index, String executor, String host, long steps, long since) {}

  private final SparkContext spark;
  private final Events events = new Events();
  private final Map<Integer, String> rounds = new HashMap<>();
  private final Map<Long, Running> tasks = new HashMap<>();
  private final String group;
  private final Duration limit;
  private long progress = System.nanoTime();
  private boolean told;
  private Future<?> looks = CompletableFuture.completedFuture(null);

  private StallWatch(JavaSparkContext spark, String group, Duration limit) {
    this.spark = spark.sc();
    this.group = group;
    this.limit = limit;
  }

  /**
   * Watches the rounds of a job group until closed.
   *
   * @param limit how long a round may make no progress; zero for ever
   * @param clock on which it looks
   * @param stalled told once, with the names of the tasks that stand still
   */
  static StallWatch start(
      JavaSparkContext spark,
      String group,
      Duration limit,
      ScheduledExecutorService clock,
      Consumer<String> stalled) {
    StallWatch watch = new StallWatch(spark, group, limit);
    if (!limit.isZero()) {
      watch.spark.addSparkListener(watch.events);
      long every = Math.max(1, Math.min(MOST_MILLIS_BETWEEN_LOOKS, limit.toMillis() / 4));
      watch.looks =
          clock.scheduleWithFixedDelay(
              () -> watch.look(stalled), every, every, TimeUnit.MILLISECONDS);
    }
    return watch;
  }

  private void look(Consumer<String> stalled) {
    String found = null;
    synchronized (this) {
      long now = System.nanoTime();
      if (!told && !rounds.isEmpty() && now - progress > limit.toNanos()) {
        told = true;
        found = describe(now);
      }
    }
    if (found != null) {
      stalled.accept(found);
    }
  }

  private String describe(long now) {
    String where = String.join(", ", rounds.values());
    String who =
        tasks.values().stream()
            .sorted(Comparator.comparingInt(Running::index))
            .limit(NAMED)
            .map(
                task ->
                    String.format(
                        Locale.ROOT,
                        "task %d on executor %s (%s) stands still for %d s",
                        task.index,
                        task.executor,
                        task.host,
                        seconds(now - task.since)))
            .collect(Collectors.joining(", "));
    if (tasks.isEmpty()) {
      who = "no executor has taken its tasks";
    } else if (tasks.size() > NAMED) {
      who += " and " + (tasks.size() - NAMED) + " more";
    }
    return String.format(
        Locale.ROOT,
        "%s made no progress for %d s: %s; a larger run.stall-minutes waits longer",
        where,
        seconds(now - progress),
        who);
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos);
  }

  @Override
  public void close() {
    looks.cancel(false);
    spark.removeSparkListener(events);
  }

  /** What Spark tells, on its own thread. */
  private final class Events extends SparkListener {
    @Override
    public void onJobStart(SparkListenerJobStart start) {
      Properties properties = start.properties();
      String round = properties.getProperty(Workers.ROUND_PROPERTY);
      if (round != null && group.equals(properties.getProperty("spark.jobGroup.id"))) {
        synchronized (StallWatch.this) {
          rounds.put(start.jobId(), round);
          progress = System.nanoTime();
        }
      }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd end) {
      synchronized (StallWatch.this) {
        rounds.remove(end.jobId());
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      TaskInfo task = start.taskInfo();
      synchronized (StallWatch.this) {
        tasks.put(
            task.taskId(),
            new Running(task.index(), task.executorId(), task.host(), 0, System.nanoTime()));
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      synchronized (StallWatch.this) {
        tasks.remove(end.taskInfo().taskId());
        progress = System.nanoTime();
      }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
      synchronized (StallWatch.this) {
        tasks.values().removeIf(task -> task.executor.equals(removed.executorId()));
      }
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
      JavaConverters.seqAsJavaList(update.accumUpdates())
          .forEach(
              of ->
                  JavaConverters.seqAsJavaList(of._4())
                      .forEach(info -> steps((Long) of._1(), info)));
    }

    private void steps(long taskId, AccumulableInfo info) {
      if (info.name().contains(Workers.STEPS) && info.update().get() instanceof Long steps) {
        synchronized (StallWatch.this) {
          Running before = tasks.get(taskId);
          if (before != null && steps > before.steps) {
            progress = System.nanoTime();
            tasks.put(
                taskId, new Running(before.index, before.executor, before.host, steps, progress));
          }
        }
      }
    }
  }
}
