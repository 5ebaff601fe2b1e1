package dev.mona.task;

/**
 * The samples of one partition, in blocks that are in memory, on disk or elsewhere until they are
 * read. A partition may have more values than an array or the memory takes; a block never does. Two
 * that are equal have the same samples. One thread at a time reads them.
 */
public interface PartitionSamples {

  /** Its blocks. */
  BlockIndex index();

  /**
   * One of its blocks, whose arrays are shared: treat them as read-only.
   *
   * @param block from 0
   */
  SampleBlock read(int block);

  /** Number of samples. */
  default int size() {
    return index().samples();
  }
}
