package dev.mona.rounds;

import dev.mona.task.BlockLimits;
import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * Workers on Spark alone. Samples are cached while the program runs, and learners are closed at its
 * end.
 */
public final class PlainSession implements Session {
  private final JavaSparkContext spark;
  private final BlockLimits limits;

  public PlainSession(JavaSparkContext spark) {
    this(spark, BlockLimits.DEFAULT);
  }

  /** With windows of another size. */
  PlainSession(JavaSparkContext spark, BlockLimits limits) {
    this.spark = spark;
    this.limits = limits;
  }

  @Override
  public <T> T run(Workload workload, Program<T> program) {
    JobLearners learners = JobLearners.of(workload.learners());
    try (Cached training = new Cached(workload.training());
        Cached validation = new Cached(workload.validation())) {
      AveragingOptions options =
          workload.options().by(TransportChoice.of(spark, workload.options()).transport());
      TrainingSamples samples =
          new TrainingSamples(spark, training.blocks, options.partitions(), limits);
      return program.run(new SparkWorkers(spark, learners, options, samples, validation.blocks));
    } finally {
      learners.release(spark);
    }
  }

  /** Samples in the cache; those that were there before stay. */
  private static final class Cached implements AutoCloseable {
    private final JavaRDD<SampleBlock> blocks;
    private final boolean before;

    Cached(JavaRDD<SampleBlock> blocks) {
      this.blocks = blocks;
      this.before = blocks.getStorageLevel().isValid();
      if (!before) {
        blocks.persist(StorageLevel.MEMORY_AND_DISK());
      }
    }

    @Override
    public void close() {
      if (!before) {
        blocks.unpersist(false);
      }
    }
  }
}
