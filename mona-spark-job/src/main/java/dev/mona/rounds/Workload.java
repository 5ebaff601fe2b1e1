package dev.mona.rounds;

import dev.mona.learner.LearnerFactory;
import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;

/**
 * What the workers of a job are given.
 *
 * @param options how the work is spread
 * @param learners makes the learners on the executors
 * @param training one block in each of the {@code options.partitions()} partitions
 * @param validation validation samples, any number of blocks in each partition
 */
public record Workload(
    AveragingOptions options,
    LearnerFactory learners,
    JavaRDD<SampleBlock> training,
    JavaRDD<SampleBlock> validation) {
  public Workload {
    if (training.getNumPartitions() != options.partitions()) {
      throw new IllegalArgumentException(
          "got "
              + training.getNumPartitions()
              + " partitions of training data for "
              + options.partitions()
              + " workers");
    }
  }
}
