package dev.mona.rounds;

import dev.mona.task.PartitionSamples;
import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.util.LongAccumulator;
import scala.Function1;
import scala.Function2;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.math.Ordering;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.BoxedUnit;

/**
 * The mean of a round over Spark's shuffle, in two stages: local steps, then the mean of every
 * chunk (reduce-scatter), of which the driver collects one vector and one report, however many
 * workers there are. It needs neither all of them at once nor a library of its own.
 *
 * @param chunkSize floats of a chunk
 * @param workers partitions that contribute
 */
record ShuffledMean(int chunkSize, int workers) {
  /**
   * Chunks of a reducer where there are more than workers: what a task holds and hands back stays
   * small, and the driver puts it in place while the next is summed.
   */
  private static final int CHUNKS_AT_ONCE = 16;

  private static final ClassTag<ChunkKey> KEY = ClassTag$.MODULE$.apply(ChunkKey.class);
  private static final ClassTag<Contribution> VALUE = ClassTag$.MODULE$.apply(Contribution.class);
  private static final ClassTag<Contribution[]> VALUES =
      ClassTag$.MODULE$.apply(Contribution[].class);

  /** Takes local steps on the samples and averages the states that are reached. */
  Averaged of(JavaRDD<PartitionSamples> samples, LocalSteps local, LongAccumulator steps) {
    StateChunks chunks = StateChunks.of(local.start().value(), chunkSize);
    RDD<Tuple2<ChunkKey, Contribution>> sent =
        samples.mapPartitionsWithIndex(new RoundTask(local, chunkSize, steps), true).rdd();
    if (workers == 1) {
      return reduce(sent, chunks); // in order already, and nobody to exchange with
    }
    ShuffledRDD<ChunkKey, Contribution, Contribution> sorted = sorted(sent, reducers(chunks));
    try {
      return reduce(sorted, chunks);
    } finally {
      // a round leaves workers x state on the executors' disks, which nothing reads again
      sorted.cleanShuffleDependencies(false);
    }
  }

  private int reducers(StateChunks chunks) {
    int small = (chunks.count() + CHUNKS_AT_ONCE - 1) / CHUNKS_AT_ONCE;
    return Math.min(Math.max(workers, small), chunks.count() + 1);
  }

  private static ShuffledRDD<ChunkKey, Contribution, Contribution> sorted(
      RDD<Tuple2<ChunkKey, Contribution>> sent, int reducers) {
    Comparator<ChunkKey> byChunk = Comparator.naturalOrder();
    Ordering<ChunkKey> order = Ordering$.MODULE$.comparatorToOrdering(byChunk);
    return new ShuffledRDD<ChunkKey, Contribution, Contribution>(
            sent, new ChunkPartitioner(reducers), KEY, VALUE, VALUE)
        .setKeyOrdering(order)
        .setSerializer(new ContributionSerializer());
  }

  private static Averaged reduce(
      RDD<Tuple2<ChunkKey, Contribution>> contributions, StateChunks chunks) {
    MeanAssembly assembly = new MeanAssembly(chunks);
    Function1<Iterator<Tuple2<ChunkKey, Contribution>>, Contribution[]> reduce =
        (Function1<Iterator<Tuple2<ChunkKey, Contribution>>, Contribution[]> & Serializable)
            ChunkReduce::reduce;
    Function2<Object, Contribution[], BoxedUnit> take =
        (partition, reduced) -> {
          assembly.add(reduced);
          return BoxedUnit.UNIT;
        };
    contributions.context().runJob(contributions, reduce, take, VALUES);
    return assembly.averaged();
  }
}
