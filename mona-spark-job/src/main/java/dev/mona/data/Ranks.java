package dev.mona.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** The ranks of the samples of one partition of rows, by key. */
final class Ranks {
  private final long[] keys;
  private final int[] ranks;

  private Ranks(long[] keys, int[] ranks) {
    this.keys = keys;
    this.ranks = ranks;
  }

  /** Puts the ranges of a partition together, in whichever order they come. */
  static Ranks of(Iterator<Tuple2<Integer, Ranking.Ranked>> ranges) {
    List<Ranking.Ranked> all = new ArrayList<>();
    ranges.forEachRemaining(range -> all.add(range._2()));
    all.sort(Comparator.comparingInt(Ranking.Ranked::range));
    int size = all.stream().mapToInt(range -> range.keys().length).sum();
    long[] keys = new long[size];
    int[] ranks = new int[size];
    int filled = 0;
    for (Ranking.Ranked range : all) {
      System.arraycopy(range.keys(), 0, keys, filled, range.keys().length);
      System.arraycopy(range.ranks(), 0, ranks, filled, range.ranks().length);
      filled += range.keys().length;
    }
    return new Ranks(keys, ranks);
  }

  /** The rank of a key; -1 for that of a sample that was not ranked. */
  int of(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at < 0 ? -1 : ranks[at];
  }
}
