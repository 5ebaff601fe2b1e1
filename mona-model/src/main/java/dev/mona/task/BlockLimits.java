package dev.mona.task;

/**
 * How large blocks and windows of samples are. One value is a feature or a label, 4 bytes.
 *
 * @param blockValues values of a block at most, unless one sample has more
 * @param windowValues values of a window at most, unless one block has more
 */
public record BlockLimits(long blockValues, long windowValues) {

  /**
   * A block of 128 MiB: small beside an executor's heap, so that it is moved to disk and back in
   * one piece, and far below the 2 GB of a serialised object; large beside what reading a block
   * costs. A window of 1 GiB: samples are shuffled as a whole up to there, so a partition of more
   * is shuffled among at least eight blocks.
   */
  public static final BlockLimits DEFAULT = new BlockLimits(1L << 25, 1L << 28);

  public BlockLimits {
    if (blockValues < 1 || windowValues < blockValues) {
      throw new IllegalArgumentException(
          "blocks of " + blockValues + " values in windows of " + windowValues);
    }
  }

  /**
   * Blocks of each of several partitions to which samples are dealt one by one; each has a sample.
   *
   * @param samples of all partitions together, at least one for each
   * @param values of a sample
   */
  public int blocks(int samples, int partitions, int values) {
    int largest = samples / partitions + (samples % partitions == 0 ? 0 : 1);
    long ofBlock = Math.max(1, blockValues / values);
    return (int) Math.min(samples / partitions, (largest + ofBlock - 1) / ofBlock);
  }

  /**
   * Samples of the largest such partition that are in memory at once: those of a window, or all.
   *
   * @param samples of all partitions together, at least one for each
   * @param values of a sample
   */
  public int samplesAtOnce(int samples, int partitions, int values) {
    int largest = samples / partitions + (samples % partitions == 0 ? 0 : 1);
    int blocks = blocks(samples, partitions, values);
    int ofBlock = largest / blocks + (largest % blocks == 0 ? 0 : 1);
    return (int) Math.min(largest, (long) atOnce(ofBlock, values) * ofBlock);
  }

  /**
   * Blocks of a window; at least one.
   *
   * @param largest samples of the largest block
   * @param values of a sample
   */
  public int atOnce(int largest, int values) {
    return (int) Math.max(1, windowValues / Math.max(1, (long) largest * values));
  }
}
