package dev.mona.learner;

import dev.mona.task.BlockIndex;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.Arrays;

/**
 * Blocks of a partition in memory, with the order in which an epoch visits their samples. It is
 * read by two threads, one after the other, and not changed.
 */
final class Window {
  private final SampleBlock[] blocks;

  /** Place of each block's first sample, when all are laid one after the other. */
  private final int[] starts;

  private final int[] order;

  /**
   * Reads blocks.
   *
   * @param chosen numbers of the blocks, at least one
   */
  Window(PartitionSamples samples, int[] chosen, long seed, Stage stage, int epoch) {
    BlockIndex index = samples.index();
    blocks = new SampleBlock[chosen.length];
    starts = new int[chosen.length + 1];
    for (int b = 0; b < chosen.length; b++) {
      blocks[b] = samples.read(chosen[b]);
      if (blocks[b].size() != index.sizes()[chosen[b]]) {
        throw new IllegalStateException(
            "block " + chosen[b] + " has " + blocks[b].size() + " samples: the data changed");
      }
      starts[b + 1] = starts[b] + blocks[b].size();
    }
    long[] ids = blocks.length == 1 ? blocks[0].ids() : new long[starts[blocks.length]];
    for (int b = 0; b < blocks.length && blocks.length > 1; b++) {
      System.arraycopy(blocks[b].ids(), 0, ids, starts[b], blocks[b].size());
    }
    order = SampleOrder.order(seed, stage, epoch, ids);
  }

  /** Zeros of the shape of some samples. */
  SampleBlock room(int samples) {
    return new SampleBlock(
        new long[samples],
        new float[samples * blocks[0].featureLength()],
        new float[samples * blocks[0].labelLength()]);
  }

  /**
   * Copies samples that follow each other in the order.
   *
   * @param from place of the first in the window
   * @param to place behind the last
   * @param at place of the first in the batch
   */
  void copy(int from, int to, SampleBlock batch, int at) {
    for (int place = from; place < to; place++) {
      int position = order[place];
      int found = Arrays.binarySearch(starts, position);
      int block = found >= 0 ? found : -found - 2;
      blocks[block].copy(position - starts[block], batch, at + place - from);
    }
  }
}
