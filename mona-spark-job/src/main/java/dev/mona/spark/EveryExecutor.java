package dev.mona.spark;

import java.io.Serializable;
import java.util.Collections;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of something in every JVM of a job. Spark has no call to all executors, so tasks are
 * sent, two for each core: as well as its scheduling allows, every executor gets one. What one that
 * is missed still holds ends with its JVM.
 */
public final class EveryExecutor {
  private static final Logger log = LoggerFactory.getLogger(EveryExecutor.class);

  private EveryExecutor() {}

  /** Lets go in one JVM; may be called several times there. */
  @FunctionalInterface
  public interface Release extends Serializable {
    void run();
  }

  /**
   * Releases in this JVM, and then on the executors where they are JVMs of their own. A failure
   * there is logged only: the work is done by then.
   *
   * @param what what is released, for the Spark UI and the log
   */
  public static void release(JavaSparkContext spark, String what, Release release) {
    release.run();
    if (spark.isLocal() || spark.sc().isStopped()) {
      return;
    }
    try {
      int tasks = 2 * spark.defaultParallelism();
      SparkJob.described(
          spark,
          "release " + what,
          () -> {
            spark
                .parallelize(Collections.nCopies(tasks, 0), tasks)
                .foreachPartition(tokens -> release.run());
            return tasks;
          });
    } catch (RuntimeException e) {
      log.warn("event=release_failed what=\"{}\"", what, e);
    }
  }
}
