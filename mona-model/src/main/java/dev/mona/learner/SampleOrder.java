package dev.mona.learner;

import dev.mona.random.SplitMix64;
import java.util.Arrays;

/**
 * The order in which a worker visits the samples of a window: ascending {@code hash(seed, stage,
 * epoch, id)}, then ascending id. Pure in the ids: neither the order in which they are stored nor
 * the samples beside them change which of two samples comes first.
 */
public final class SampleOrder {
  private static final int POSITION_BITS = 31;
  private static final long POSITION = (1L << POSITION_BITS) - 1;

  private SampleOrder() {}

  /**
   * Positions in the order of visiting.
   *
   * @param ids ids of the samples, distinct
   * @return a permutation of {@code 0 .. ids.length - 1}
   */
  public static int[] order(long seed, Stage stage, int epoch, long[] ids) {
    long prefix = SplitMix64.hash(seed, number(stage), epoch);
    // the upper bits of the hash before the position: an array of longs is sorted without objects
    long[] keys = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      keys[i] = (SplitMix64.then(prefix, ids[i]) & ~POSITION) | i;
    }
    Arrays.sort(keys);
    int[] order = new int[ids.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) (keys[i] & POSITION);
    }
    for (int from = 0, to; from < order.length; from = to) {
      to = from + 1;
      while (to < order.length && (keys[to] & ~POSITION) == (keys[from] & ~POSITION)) {
        to++;
      }
      if (to > from + 1) {
        sort(order, from, to, prefix, ids);
      }
    }
    return order;
  }

  /** By the whole hash; few positions, by insertion. */
  private static void sort(int[] order, int from, int to, long prefix, long[] ids) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int at = i;
      while (at > from && isBefore(ids[moved], ids[order[at - 1]], prefix)) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = moved;
    }
  }

  private static boolean isBefore(long id, long other, long prefix) {
    int byHash = Long.compare(SplitMix64.then(prefix, id), SplitMix64.then(prefix, other));
    return byHash != 0 ? byHash < 0 : id < other;
  }

  // not the ordinal: a stage added later must not change the order of the present ones
  static long number(Stage stage) {
    return switch (stage) {
      case WARMUP -> 0;
      case ALIGNMENT -> 1;
      case FINETUNING -> 2;
    };
  }
}
