package dev.mona.averaging;

import java.util.Collections;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a job's learners on the driver and, as well as Spark's scheduling allows, on every
 * executor. One that is missed keeps its idle learners until its JVM ends.
 */
final class ReleaseLearners {
  private static final Logger log = LoggerFactory.getLogger(ReleaseLearners.class);

  private ReleaseLearners() {}

  static void everywhere(JavaSparkContext spark, String job) {
    LearnerPool.close(job);
    if (spark.isLocal() || spark.sc().isStopped()) {
      return;
    }
    try {
      int tasks = 2 * spark.defaultParallelism();
      spark.setJobDescription("release learners");
      spark
          .parallelize(Collections.nCopies(tasks, job), tasks)
          .foreachPartition(ids -> ids.forEachRemaining(LearnerPool::close));
    } catch (RuntimeException e) {
      log.warn("event=release_failed job={}", job, e);
    } finally {
      spark.setJobDescription(null);
    }
  }
}
