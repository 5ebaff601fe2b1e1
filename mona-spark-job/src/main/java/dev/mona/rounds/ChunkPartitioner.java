package dev.mona.rounds;

import org.apache.spark.Partitioner;

/** Spreads chunks over the reducers, whatever partition they come from. */
final class ChunkPartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;
  private final int reducers;

  ChunkPartitioner(int reducers) {
    this.reducers = reducers;
  }

  @Override
  public int numPartitions() {
    return reducers;
  }

  @Override
  public int getPartition(Object key) {
    return ((ChunkKey) key).chunk() % reducers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkPartitioner that && reducers == that.reducers;
  }

  @Override
  public int hashCode() {
    return reducers;
  }
}
