package dev.mona.rounds;

import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.CoalescedRDDPartition;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * One partition for each worker, over a stored RDD of blocks: those of worker {@code w} are its
 * partitions {@code w b .. w b + b - 1}. A partition has one element, by which a task fetches
 * blocks one at a time, in any order.
 *
 * <p>By lineage, a block that is lost is computed again. A barrier stage refuses that when a worker
 * has several blocks, as its RDDs must all have one partition for each task; there, blocks are only
 * read, and a task fails when one is lost.
 */
final class WorkerRdd extends RDD<WorkerBlocks> {
  private static final long serialVersionUID = 1L;
  private static final ClassTag<WorkerBlocks> TYPE = ClassTag$.MODULE$.apply(WorkerBlocks.class);
  private static final ClassTag<SampleBlock> BLOCK = ClassTag$.MODULE$.apply(SampleBlock.class);

  private final transient RDD<SampleBlock> stored;
  private final @Nullable RDD<SampleBlock> lineage;
  private final int id;
  private final int workers;
  private final int each;

  private WorkerRdd(RDD<SampleBlock> stored, int workers, boolean computes) {
    super(stored.sparkContext(), dependencies(stored, workers, computes), TYPE);
    this.stored = stored;
    this.lineage = computes ? stored : null;
    this.id = stored.id();
    this.workers = workers;
    this.each = stored.getNumPartitions() / workers;
  }

  /** Blocks that are computed where they are not stored. */
  static WorkerRdd computed(RDD<SampleBlock> blocks, int workers) {
    return new WorkerRdd(blocks, workers, true);
  }

  /** Blocks for a barrier stage, which have been stored. */
  static WorkerRdd stored(RDD<SampleBlock> blocks, int workers) {
    return new WorkerRdd(blocks, workers, blocks.getNumPartitions() == workers);
  }

  private static Seq<Dependency<?>> dependencies(
      RDD<SampleBlock> stored, int workers, boolean computes) {
    List<Dependency<?>> dependencies = new ArrayList<>();
    if (computes) {
      dependencies.add(new OfWorker(stored, stored.getNumPartitions() / workers));
    }
    return JavaConverters.asScalaBuffer(dependencies).toList();
  }

  /** A worker needs its own blocks. */
  private static final class OfWorker extends NarrowDependency<SampleBlock> {
    private static final long serialVersionUID = 1L;
    private final int each;

    OfWorker(RDD<SampleBlock> blocks, int each) {
      super(blocks);
      this.each = each;
    }

    @Override
    public Seq<Object> getParents(int worker) {
      List<Object> parents = new ArrayList<>();
      IntStream.range(worker * each, (worker + 1) * each).forEach(parents::add);
      return JavaConverters.asScalaBuffer(parents).toList();
    }
  }

  @Override
  public Partition[] getPartitions() {
    return IntStream.range(0, workers)
        .mapToObj(
            worker ->
                new CoalescedRDDPartition(
                    worker,
                    stored,
                    IntStream.range(worker * each, (worker + 1) * each).toArray(),
                    Option.empty()))
        .toArray(Partition[]::new);
  }

  /** By lineage, Spark itself finds where the first block is; all of a worker are in one place. */
  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    List<String> places = new ArrayList<>();
    if (lineage == null) {
      Seq<BlockManagerId> holders =
          SparkEnv.get()
              .blockManager()
              .master()
              .getLocations(new RDDBlockId(id, split.index() * each));
      for (BlockManagerId holder : JavaConverters.seqAsJavaList(holders)) {
        places.add("executor_" + holder.host() + "_" + holder.executorId());
      }
    }
    return JavaConverters.asScalaBuffer(places).toList();
  }

  @Override
  public Iterator<WorkerBlocks> compute(Partition split, TaskContext task) {
    CoalescedRDDPartition own = (CoalescedRDDPartition) split;
    RDD<SampleBlock> computing = lineage;
    WorkerBlocks blocks =
        new WorkerBlocks(
            each,
            computing == null
                ? block -> read(own.index() * each + block)
                : block -> computing.iterator(own.parents().apply(block), task));
    return JavaConverters.asScalaIterator(List.of(blocks).iterator());
  }

  private Iterator<?> read(int partition) {
    RDDBlockId block = new RDDBlockId(id, partition);
    Option<BlockResult> found = SparkEnv.get().blockManager().get(block, BLOCK);
    if (found.isEmpty()) {
      throw new IllegalStateException("the samples of " + block + " are not stored any more");
    }
    return found.get().data();
  }
}
