package dev.mona.spark;

import dev.mona.Causes;
import dev.mona.MonaException;
import java.util.concurrent.Callable;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** A Spark job as this program sees it: with a name, and with failures that Java knows of. */
public final class SparkJob {
  private SparkJob() {}

  /**
   * Runs a job. Spark throws checked exceptions without declaring them, which nobody catches who
   * catches what a method may throw; here they become unchecked ones.
   *
   * @param description its name in the UI
   * @throws MonaException the user's error inside Spark's, if there is one
   * @throws IllegalStateException for another failure, with Spark's as its cause
   */
  public static <T> T described(SparkContext spark, String description, Callable<T> job) {
    spark.setJobDescription(description);
    try {
      return job.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw Causes.first(e, MonaException.class)
          .map(RuntimeException.class::cast)
          .orElseGet(() -> new IllegalStateException("Spark job '" + description + "' failed", e));
    } finally {
      spark.setJobDescription(null);
    }
  }

  /** See {@link #described(SparkContext, String, Callable)}. */
  public static <T> T described(JavaSparkContext spark, String description, Callable<T> job) {
    return described(spark.sc(), description, job);
  }
}
