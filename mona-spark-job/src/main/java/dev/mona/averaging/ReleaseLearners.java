package dev.mona.averaging;

import org.apache.spark.api.java.JavaSparkContext;

/** Closes a job's learners on the driver and on the executors. */
final class ReleaseLearners {
  private ReleaseLearners() {}

  static void everywhere(JavaSparkContext spark, String job) {
    EveryExecutor.release(spark, "learners", () -> LearnerPool.close(job));
  }
}
