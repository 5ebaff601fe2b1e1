package dev.mona.task;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What is known of the blocks of a partition without reading them.
 *
 * @param sizes samples of each block
 * @param firstIds id of the first sample of each block; of one without samples, whatever it is
 * @param atOnce blocks of a window: so many may be in memory at once
 */
public record BlockIndex(int[] sizes, long[] firstIds, int atOnce) implements Serializable {
  public BlockIndex {
    if (sizes.length != firstIds.length || atOnce < 1) {
      throw new IllegalArgumentException(
          sizes.length + " blocks, " + firstIds.length + " ids, " + atOnce + " blocks at once");
    }
    sizes = sizes.clone();
    firstIds = firstIds.clone();
  }

  /** Number of blocks. */
  public int blocks() {
    return sizes.length;
  }

  /**
   * Number of samples of all blocks.
   *
   * @throws ArithmeticException if there are more than 2^31 - 1
   */
  public int samples() {
    return Math.toIntExact(Arrays.stream(sizes).asLongStream().sum());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockIndex that
        && Arrays.equals(sizes, that.sizes)
        && Arrays.equals(firstIds, that.firstIds)
        && atOnce == that.atOnce;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(firstIds);
  }

  @Override
  public String toString() {
    return "BlockIndex[" + sizes.length + " blocks, " + atOnce + " at once]";
  }
}
