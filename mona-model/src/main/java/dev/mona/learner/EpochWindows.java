package dev.mona.learner;

import dev.mona.random.SplitMix64;
import dev.mona.task.BlockIndex;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The windows in which an epoch visits the blocks of a partition: blocks by ascending {@code
 * hash(seed, purpose, stage, epoch, id of the first sample)}, cut into as few windows of about
 * equal size as there can be of blocks that may be in memory at once. Samples are shuffled within
 * their window by {@link SampleOrder}, so an epoch sees each once, and a partition of one window in
 * the order that it would have as one block.
 */
final class EpochWindows {
  private static final long PURPOSE = 7;

  private final int[][] windows;
  private final int[] starts;

  EpochWindows(long seed, Stage stage, int epoch, BlockIndex index) {
    long prefix = SplitMix64.hash(seed, PURPOSE, SampleOrder.number(stage), epoch);
    int[] blocks =
        IntStream.range(0, index.blocks())
            .filter(block -> index.sizes()[block] > 0)
            .boxed()
            .sorted(
                Comparator.comparingLong(block -> SplitMix64.then(prefix, index.firstIds()[block])))
            .mapToInt(Integer::intValue)
            .toArray();
    int count = (int) (((long) blocks.length + index.atOnce() - 1) / index.atOnce());
    windows = new int[count][];
    starts = new int[count + 1];
    for (int w = 0; w < count; w++) {
      windows[w] = Arrays.copyOfRange(blocks, cut(w, blocks), cut(w + 1, blocks));
      starts[w + 1] =
          Math.addExact(
              starts[w], Arrays.stream(windows[w]).map(block -> index.sizes()[block]).sum());
    }
  }

  private int cut(int window, int[] blocks) {
    return (int) ((long) window * blocks.length / windows.length);
  }

  /** Number of windows. */
  int count() {
    return windows.length;
  }

  /** The blocks of a window. */
  int[] blocks(int window) {
    return windows[window];
  }

  /** Place in the epoch of a window's first sample. */
  int start(int window) {
    return starts[window];
  }

  /** Place in the epoch behind a window's last sample. */
  int end(int window) {
    return starts[window + 1];
  }

  /** The window that has the sample of a place in the epoch. */
  int at(int place) {
    int found = Arrays.binarySearch(starts, place);
    return found >= 0 ? found : -found - 2;
  }
}
