package dev.mona.learner;

import dev.mona.random.SplitMix64;
import java.util.Arrays;

/**
 * The order in which a worker visits its samples: ascending {@code hash(seed, stage, epoch, id)},
 * then ascending id. Pure in the ids: neither the order in which they are stored nor the samples
 * beside them change which of two samples comes first.
 */
public final class SampleOrder {
  private record Key(long hash, long id, int position) implements Comparable<Key> {
    @Override
    public int compareTo(Key that) {
      int byHash = Long.compare(hash, that.hash);
      return byHash != 0 ? byHash : Long.compare(id, that.id);
    }
  }

  private SampleOrder() {}

  /**
   * Positions in the order of visiting.
   *
   * @param ids ids of the samples, distinct
   * @return a permutation of {@code 0 .. ids.length - 1}
   */
  public static int[] order(long seed, Stage stage, int epoch, long[] ids) {
    long prefix = SplitMix64.hash(seed, number(stage), epoch);
    Key[] keys = new Key[ids.length];
    for (int i = 0; i < ids.length; i++) {
      keys[i] = new Key(SplitMix64.then(prefix, ids[i]), ids[i], i);
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(Key::position).toArray();
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
