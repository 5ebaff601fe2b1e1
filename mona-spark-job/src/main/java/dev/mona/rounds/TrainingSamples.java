package dev.mona.rounds;

import dev.mona.spark.SparkJob;
import dev.mona.task.BlockIndex;
import dev.mona.task.BlockLimits;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The training samples of all workers in Spark's storage, in memory and on disk. The driver knows
 * size and first id of each block.
 */
final class TrainingSamples {
  private final JavaSparkContext spark;
  private final JavaRDD<SampleBlock> blocks;
  private final String name = UUID.randomUUID().toString();
  private final BlockIndex[] indexes;

  /**
   * Reads the samples, which stores them.
   *
   * @param blocks one in each partition, and as many partitions for each worker; marked as to be
   *     stored
   */
  TrainingSamples(
      JavaSparkContext spark, JavaRDD<SampleBlock> blocks, int workers, BlockLimits limits) {
    this.spark = spark;
    this.blocks = blocks;
    this.indexes =
        read(workers).stream().map(found -> found.index(limits)).toArray(BlockIndex[]::new);
  }

  /** Reads them again: what was lost with an executor is computed and stored elsewhere. */
  void restore() {
    if (blocks.getNumPartitions() > indexes.length) {
      read(indexes.length);
    }
  }

  private List<Found> read(int workers) {
    return SparkJob.described(
        spark,
        "load training samples",
        () ->
            JavaRDD.fromRDD(WorkerRdd.computed(blocks.rdd(), workers), tag(WorkerBlocks.class))
                .map(Found::of)
                .collect());
  }

  /** What a task finds out about the blocks of a worker. */
  private record Found(int[] sizes, long[] firstIds, int values) implements Serializable {
    static Found of(WorkerBlocks blocks) {
      int[] sizes = new int[blocks.count()];
      long[] firstIds = new long[sizes.length];
      int values = 0;
      for (int b = 0; b < sizes.length; b++) {
        SampleBlock block = blocks.read(b);
        sizes[b] = block.size();
        firstIds[b] = block.size() == 0 ? 0 : block.ids()[0];
        values = Math.max(values, block.featureLength() + block.labelLength());
      }
      return new Found(sizes, firstIds, values);
    }

    BlockIndex index(BlockLimits limits) {
      int largest = Arrays.stream(sizes).max().orElse(0);
      return new BlockIndex(sizes, firstIds, limits.atOnce(largest, values));
    }
  }

  /** Samples of each worker. */
  int[] sizes() {
    return Arrays.stream(indexes).mapToInt(BlockIndex::samples).toArray();
  }

  int workers() {
    return indexes.length;
  }

  /** The samples of each worker, for tasks of a stage. */
  JavaRDD<PartitionSamples> ofWorkers() {
    return indexed(WorkerRdd.computed(blocks.rdd(), indexes.length));
  }

  /** The same for tasks of a barrier stage. */
  JavaRDD<PartitionSamples> ofBarrier() {
    return indexed(WorkerRdd.stored(blocks.rdd(), indexes.length));
  }

  private JavaRDD<PartitionSamples> indexed(WorkerRdd workers) {
    return JavaRDD.fromRDD(workers, tag(WorkerBlocks.class))
        .mapPartitionsWithIndex(new Indexed(name, indexes), true);
  }

  private record Indexed(String name, BlockIndex[] indexes)
      implements Function2<Integer, Iterator<WorkerBlocks>, Iterator<PartitionSamples>> {
    @Override
    public Iterator<PartitionSamples> call(Integer worker, Iterator<WorkerBlocks> blocks) {
      PartitionSamples samples = new WorkerSamples(name, worker, indexes[worker], blocks.next());
      return List.of(samples).iterator();
    }
  }

  private static <T> ClassTag<T> tag(Class<T> type) {
    return ClassTag$.MODULE$.apply(type);
  }
}
