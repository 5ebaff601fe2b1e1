package dev.mona.rounds;

import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.math.Ordering;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The mean of a round over Spark's shuffle, in two stages: local steps, then the mean of every
 * chunk (reduce-scatter), of which the driver collects one vector and one report, however many
 * workers there are. It needs neither all of them at once nor a library of its own.
 *
 * @param chunkSize floats of a chunk
 * @param workers partitions that contribute
 */
record ShuffledMean(int chunkSize, int workers) {

  /** Takes local steps on the samples and averages the states that are reached. */
  Averaged of(JavaRDD<SampleBlock> blocks, LocalSteps local, LongAccumulator steps) {
    StateChunks chunks = StateChunks.of(local.start().value(), chunkSize);
    JavaRDD<Tuple2<ChunkKey, Contribution>> sent =
        blocks.mapPartitionsWithIndex(new RoundTask(local, chunkSize, steps), true);
    if (workers == 1) {
      // in order already, and nobody to exchange with
      return assemble(sent.mapPartitions(new ChunkReduce()).collect(), chunks);
    }
    // no more reducers than workers: each has about as much to sum as a worker has to send
    int reducers = Math.min(workers, chunks.count() + 1);
    ShuffledRDD<ChunkKey, Contribution, Contribution> sorted = sorted(sent.rdd(), reducers);
    try {
      ClassTag<Tuple2<ChunkKey, Contribution>> pair = ClassTag$.MODULE$.apply(Tuple2.class);
      return assemble(
          new JavaRDD<>(sorted, pair).mapPartitions(new ChunkReduce()).collect(), chunks);
    } finally {
      // a round leaves workers x state on the executors' disks, which nothing reads again
      sorted.cleanShuffleDependencies(false);
    }
  }

  private static ShuffledRDD<ChunkKey, Contribution, Contribution> sorted(
      RDD<Tuple2<ChunkKey, Contribution>> sent, int reducers) {
    ClassTag<ChunkKey> key = ClassTag$.MODULE$.apply(ChunkKey.class);
    ClassTag<Contribution> value = ClassTag$.MODULE$.apply(Contribution.class);
    Comparator<ChunkKey> byChunk = Comparator.naturalOrder();
    Ordering<ChunkKey> order = Ordering$.MODULE$.comparatorToOrdering(byChunk);
    return new ShuffledRDD<ChunkKey, Contribution, Contribution>(
            sent, new ChunkPartitioner(reducers), key, value, value)
        .setKeyOrdering(order)
        .setSerializer(new ContributionSerializer());
  }

  private static Averaged assemble(List<Contribution> reduced, StateChunks chunks) {
    Contribution.@Nullable Report report = null;
    int pasted = 0;
    TrainingState mean =
        new TrainingState(new float[chunks.parameters()], new float[chunks.moments()], 0);
    for (Contribution contribution : reduced) {
      if (contribution instanceof Contribution.Report one) {
        report = one;
      } else if (contribution instanceof Contribution.Chunk chunk) {
        chunks.paste(chunk.values(), chunk.chunk(), mean);
        pasted++;
      }
    }
    if (report == null || pasted != chunks.count()) {
      throw new IllegalStateException(
          "round came back with "
              + pasted
              + " of "
              + chunks.count()
              + " chunks and report "
              + report);
    }
    return new Averaged(mean, report);
  }
}
