package dev.mona.data;

import java.util.Arrays;
import java.util.Iterator;
import scala.Tuple2;

/** The ranks of the samples of one partition of rows, by key. */
final class Ranks {
  private long[] keys = new long[64];
  private int[] ranks = new int[64];
  private int size;

  /**
   * Takes keys with their ranks, in any order; ranks ascend with keys.
   *
   * @param ranked pairs of key and rank, each under the number of the partition
   */
  static Ranks of(Iterator<Tuple2<Integer, Tuple2<Long, Integer>>> ranked) {
    Ranks all = new Ranks();
    while (ranked.hasNext()) {
      Tuple2<Long, Integer> one = ranked.next()._2();
      if (all.size == all.keys.length) {
        all.keys = Arrays.copyOf(all.keys, 2 * all.size);
        all.ranks = Arrays.copyOf(all.ranks, 2 * all.size);
      }
      all.keys[all.size] = one._1();
      all.ranks[all.size++] = one._2();
    }
    // apart, and still together: they have the same order
    Arrays.sort(all.keys, 0, all.size);
    Arrays.sort(all.ranks, 0, all.size);
    return all;
  }

  /** The rank of a key; -1 for that of a sample that was not ranked. */
  int of(long key) {
    int at = Arrays.binarySearch(keys, 0, size, key);
    return at < 0 ? -1 : ranks[at];
  }
}
