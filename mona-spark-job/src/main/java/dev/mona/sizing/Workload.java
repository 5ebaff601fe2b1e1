package dev.mona.sizing;

import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.optimizer.FlatOptimizer;

/**
 * What a run asks of a cluster.
 *
 * @param shape the model
 * @param options the stages
 * @param partitions partitions of the training samples, one task each
 * @param partitionSamples samples of the largest of them
 * @param samples bytes of the target samples, those of the validation included
 */
public record Workload(
    ModelShape shape, LearnerOptions options, int partitions, int partitionSamples, long samples) {
  public Workload {
    if (partitions < 1 || partitionSamples < 1 || samples < 0) {
      throw new IllegalArgumentException(
          partitions
              + " partitions of "
              + partitionSamples
              + " samples and "
              + samples
              + " bytes of samples");
    }
  }

  /** Bytes of the state of the largest stage: {@code 4 (1 + m) P}. */
  public long state() {
    long small = shape.parameters().small();
    long most = 0;
    for (Stage stage : Stage.values()) {
      if (options.stage(stage).epochs() > 0) {
        long n = stage == Stage.FINETUNING ? shape.parameters().all() : small;
        long moments = FlatOptimizer.of(options.stage(stage).optimizer()).momentLength(n);
        most = Math.max(most, n + moments);
      }
    }
    return Float.BYTES * most;
  }

  /** Bytes of what is broadcast once: theta_0, tables of the source embedder, source samples. */
  public long frozen() {
    return Float.BYTES * (shape.parameters().encoder() + shape.tables()) + shape.source();
  }
}
