package dev.mona.rounds;

import dev.mona.MonaException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Whether all workers can be there at once. Spark itself would wait for that without an end. */
final class Slots {
  private static final long PAUSE_MILLIS = 200;

  private final SparkContext spark;
  private final int workers;
  private final long patience;
  private long enough = System.nanoTime();

  /**
   * Room for workers.
   *
   * @param millis how long there may be too little, as executors come back after they were lost
   */
  Slots(JavaSparkContext spark, int workers, long millis) {
    this.spark = spark.sc();
    this.workers = workers;
    this.patience = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Tasks that can run at once. */
  int now() {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  boolean suffice() {
    return now() >= workers;
  }

  /** Waits for executors that have not registered yet. */
  boolean comeWithin(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!suffice() && System.nanoTime() < until) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return suffice();
  }

  /**
   * Looks again.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} if there have been too few for long
   */
  void look() {
    int slots = now();
    if (slots >= workers) {
      enough = System.nanoTime();
    } else if (System.nanoTime() - enough > patience) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          tooFew(slots) + ", or set averaging.transport to shuffle");
    }
  }

  String tooFew(int slots) {
    return String.format(
        Locale.ROOT,
        "%d workers that are averaged in place have to run at once and the executors have room for"
            + " %d: give the application more executors or cores, set run.partitions to at most %d",
        workers,
        slots,
        Math.max(1, slots));
  }
}
