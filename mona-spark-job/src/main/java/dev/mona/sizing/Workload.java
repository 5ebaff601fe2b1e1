package dev.mona.sizing;

import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import java.util.Locale;

/**
 * What a run asks of a cluster.
 *
 * @param shape the model
 * @param options the stages
 * @param partitions partitions of the training samples, one task each
 * @param samples the target samples
 * @param velocity whether an outer optimizer keeps a velocity of the parameters
 */
public record Workload(
    ModelShape shape, LearnerOptions options, int partitions, Samples samples, boolean velocity) {

  /**
   * Target samples.
   *
   * @param partition number of them in the largest partition
   * @param cached bytes of those that executors keep: to train on and to select on
   * @param window bytes of a worker's that are in memory at once; 0 where all are
   * @param fixed bytes of those that are broadcast, for the fixed measures
   * @param kept bytes that the metric keeps of those that it scores at once
   */
  public record Samples(int partition, long cached, long window, long fixed, long kept) {
    public Samples {
      if (partition < 1 || cached < 0 || window < 0 || fixed < 0 || kept < 0) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a partition of %d samples, %d, %d, %d, %d",
                partition,
                cached,
                window,
                fixed,
                kept));
      }
    }
  }

  public Workload {
    if (partitions < 1) {
      throw new IllegalArgumentException(partitions + " partitions");
    }
  }

  /**
   * Bytes of the state of the largest stage: {@code 4 (1 + m) P} with an average of the parameters
   * among m, {@code 4 P} more for a velocity, and what the alignment keeps of the encoder.
   */
  public long state() {
    long small = shape.parameters().small();
    long most = 0;
    for (Stage stage : Stage.values()) {
      if (options.stage(stage).epochs() > 0) {
        long n = stage == Stage.FINETUNING ? shape.parameters().finetuned() : small;
        long moments = options.stage(stage).optimizer().momentLength(n);
        moments += options.encoderMoments(stage, shape.parameters().encoder());
        most = Math.max(most, n + moments + (velocity ? n : 0));
      }
    }
    return Float.BYTES * most;
  }

  /**
   * Bytes of what is broadcast once: theta_0, tables of the source embedder, source samples, target
   * samples of the fixed measures.
   */
  public long frozen() {
    return Float.BYTES * (shape.parameters().encoder() + shape.tables())
        + shape.source()
        + samples.fixed();
  }
}
