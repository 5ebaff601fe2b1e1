package dev.mona.data;

import dev.mona.MonaException;
import dev.mona.random.SplitMix64;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/** Which partition each sample lies in, and where: a pure function of its arguments. */
final class Dealing implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long PURPOSE = 3;

  private final long[] ids;
  private final int[] partitionOf;
  private final int[] positionOf;
  private final int[] sizes;

  private Dealing(long[] sortedIds, int partitions) {
    ids = sortedIds;
    partitionOf = new int[sortedIds.length];
    positionOf = new int[sortedIds.length];
    sizes = new int[partitions];
  }

  /**
   * Orders samples by {@code hash(seed, purpose, id)} and deals them out one by one, so that sizes
   * differ by at most one.
   *
   * @param ids distinct ids, in any order
   * @throws MonaException if there are more partitions than ids
   */
  static Dealing shuffled(long seed, long[] ids, int partitions) {
    if (partitions < 1) {
      throw MonaException.data("training needs at least 1 partition, not " + partitions);
    }
    if (partitions > ids.length) {
      throw MonaException.data(
          partitions
              + " partitions cannot share "
              + ids.length
              + " training samples: use at most "
              + ids.length
              + " partitions");
    }
    Dealing dealing = new Dealing(Arrays.stream(ids).sorted().toArray(), partitions);
    long prefix = SplitMix64.hash(seed, PURPOSE);
    Integer[] order = new Integer[ids.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingLong(i -> SplitMix64.then(prefix, dealing.ids[i])));
    for (int rank = 0; rank < order.length; rank++) {
      dealing.put(order[rank], rank % partitions);
    }
    return dealing;
  }

  /** Cuts the ascending ids into pieces of a size, the last one perhaps smaller. */
  static Dealing ascending(long[] ids, int size) {
    Dealing dealing =
        new Dealing(Arrays.stream(ids).sorted().toArray(), (ids.length + size - 1) / size);
    for (int i = 0; i < ids.length; i++) {
      dealing.put(i, i / size);
    }
    return dealing;
  }

  private void put(int index, int partition) {
    partitionOf[index] = partition;
    positionOf[index] = sizes[partition]++;
  }

  int partitions() {
    return sizes.length;
  }

  /** Samples of a partition. */
  int size(int partition) {
    return sizes[partition];
  }

  /** Whether the sample is dealt at all. */
  boolean contains(long id) {
    return Arrays.binarySearch(ids, id) >= 0;
  }

  int partition(long id) {
    return partitionOf[index(id)];
  }

  /** Place within the partition, from 0. */
  int position(long id) {
    return positionOf[index(id)];
  }

  private int index(long id) {
    return Objects.checkIndex(Arrays.binarySearch(ids, id), ids.length);
  }
}
