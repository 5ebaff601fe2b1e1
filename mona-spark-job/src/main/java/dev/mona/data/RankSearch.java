package dev.mona.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the key of a given rank in each stratum where the keys lie. While more than {@value #FEW}
 * keys are in question they are counted in cells of equal width, about {@value #CELLS} of them over
 * all strata, and the cell that holds the rank is looked at more closely; then the few that are
 * left are brought here. What is held here does not depend on the number of samples.
 */
final class RankSearch {
  /** Cells that keys are counted in, unless there are more strata than a quarter of it. */
  static final int CELLS = 1 << 16;

  /** Keys that are brought together at most. */
  static final int FEW = 1 << 18;

  private static final int LEAST_BITS = 2;

  /** Keys of distinct samples, wherever they are. */
  interface Keys {

    /** Number of keys in each cell. */
    long[] count(Cells cells);

    /** The keys in the cells of all strata that are open, in any order and any number of parts. */
    List<Found> within(Cells cells);
  }

  /** Some keys with their strata. */
  record Found(int[] strata, long[] keys) implements Serializable {}

  /**
   * A part of the keys of each stratum, in cells.
   *
   * @param bits leading bits that keys of a stratum's part share
   * @param more bits after those, which tell the cells of a stratum
   * @param prefix the shared bits of each stratum
   * @param open strata that are searched
   */
  record Cells(int bits, int more, long[] prefix, boolean[] open) implements Serializable {
    int size() {
      return prefix.length << more;
    }

    boolean contain(int stratum, long key) {
      return open[stratum] && leading(ordered(key), bits) == prefix[stratum];
    }

    /** The cell of a key that is contained. */
    int of(int stratum, long key) {
      long within = leading(ordered(key), bits + more) & (1L << more) - 1;
      return (stratum << more) + (int) within;
    }

    /** The lowest cell of a stratum. */
    int first(int stratum) {
      return stratum << more;
    }

    /** Signed longs in the order of unsigned ones, so that leading bits cut ranges. */
    private static long ordered(long key) {
      return key ^ Long.MIN_VALUE;
    }

    private static long leading(long value, int bits) {
      return bits == 0 ? 0 : value >>> (Long.SIZE - bits);
    }
  }

  private RankSearch() {}

  /**
   * Finds the last key that is taken in each stratum.
   *
   * @param sizes keys of each stratum
   * @param taken how many of the lowest keys of each are taken
   * @return the key of rank {@code taken - 1}; the largest long where all are taken
   */
  static long[] last(Keys keys, int[] sizes, int[] taken) {
    int strata = sizes.length;
    long[] left = Arrays.stream(sizes).asLongStream().toArray();
    long[] rank = Arrays.stream(taken).asLongStream().map(count -> count - 1).toArray();
    boolean[] open = new boolean[strata];
    for (int s = 0; s < strata; s++) {
      open[s] = taken[s] > 0 && taken[s] < sizes[s];
    }
    int step = Math.max(LEAST_BITS, 31 - Integer.numberOfLeadingZeros(Math.max(1, CELLS / strata)));
    Cells cells = new Cells(0, step, new long[strata], open);
    while (sum(left, open) > FEW) {
      cells = closer(keys, cells, left, rank);
    }
    return pick(keys, cells, left, rank);
  }

  /** Goes on to the cell of each stratum that holds its rank. */
  private static Cells closer(Keys keys, Cells cells, long[] left, long[] rank) {
    long[] counts = keys.count(cells);
    long[] prefix = cells.prefix().clone();
    int each = 1 << cells.more();
    for (int s = 0; s < prefix.length; s++) {
      if (cells.open()[s]) {
        int first = cells.first(s);
        requireSame(Arrays.stream(counts, first, first + each).sum(), left[s]);
        int cell = 0;
        for (; rank[s] >= counts[first + cell]; cell++) {
          rank[s] -= counts[first + cell];
        }
        left[s] = counts[first + cell];
        prefix[s] = prefix[s] << cells.more() | cell;
      }
    }
    int bits = cells.bits() + cells.more();
    return new Cells(bits, Math.min(cells.more(), Long.SIZE - bits), prefix, cells.open());
  }

  private static long[] pick(Keys keys, Cells cells, long[] left, long[] rank) {
    int strata = left.length;
    long[] last = new long[strata];
    Arrays.fill(last, Long.MAX_VALUE);
    if (sum(left, cells.open()) == 0) {
      return last;
    }
    long[][] members = new long[strata][];
    int[] filled = new int[strata];
    for (int s = 0; s < strata; s++) {
      members[s] = new long[cells.open()[s] ? (int) left[s] : 0];
    }
    for (Found found : keys.within(cells)) {
      for (int i = 0; i < found.keys().length; i++) {
        int s = found.strata()[i];
        requireSame(Math.min(filled[s], members[s].length - 1), filled[s]);
        members[s][filled[s]++] = found.keys()[i];
      }
    }
    for (int s = 0; s < strata; s++) {
      if (cells.open()[s]) {
        requireSame(filled[s], left[s]);
        Arrays.sort(members[s]);
        last[s] = members[s][(int) rank[s]];
      }
    }
    return last;
  }

  private static long sum(long[] values, boolean[] of) {
    long sum = 0;
    for (int s = 0; s < values.length; s++) {
      sum += of[s] ? values[s] : 0;
    }
    return sum;
  }

  private static void requireSame(long found, long before) {
    if (found != before) {
      throw new IllegalStateException(
          "found " + found + " samples of " + before + ": the data changed");
    }
  }
}
