package dev.mona.rounds;

import dev.mona.learner.LearnerFactory;
import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;

/**
 * What the workers of a job are given.
 *
 * @param options how the work is spread
 * @param learners makes the learners on the executors
 * @param training one block in each partition, and as many partitions for each of the {@code
 *     options.partitions()} workers: those of the first worker, then those of the second, and so on
 * @param validation validation samples, any number of blocks in each partition
 */
public record Workload(
    AveragingOptions options,
    LearnerFactory learners,
    JavaRDD<SampleBlock> training,
    JavaRDD<SampleBlock> validation) {
  public Workload {
    int blocks = training.getNumPartitions();
    if (blocks == 0 || blocks % options.partitions() != 0) {
      throw new IllegalArgumentException(
          "got "
              + blocks
              + " partitions of training data for "
              + options.partitions()
              + " workers");
    }
  }
}
