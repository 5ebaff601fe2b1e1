package dev.mona.rounds;

import java.io.Serializable;

/**
 * Orders the records of a round's shuffle: all contributions to a chunk together, in partition
 * order.
 *
 * @param chunk index of the chunk
 * @param partition index of the partition that contributes
 */
record ChunkKey(int chunk, int partition) implements Comparable<ChunkKey>, Serializable {
  @Override
  public int compareTo(ChunkKey other) {
    int byChunk = Integer.compare(chunk, other.chunk);
    return byChunk != 0 ? byChunk : Integer.compare(partition, other.partition);
  }
}
