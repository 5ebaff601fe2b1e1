package dev.mona.rounds;

import dev.mona.task.SampleBlock;
import java.util.function.IntFunction;
import scala.collection.Iterator;

/**
 * The blocks of one worker, fetched where and when its task asks for them. It belongs to the thread
 * of the task, which holds the locks on what Spark stores.
 */
final class WorkerBlocks {
  private final int count;
  private final IntFunction<Iterator<?>> source;

  /**
   * @param count number of blocks
   * @param source what the partition of a block holds
   */
  WorkerBlocks(int count, IntFunction<Iterator<?>> source) {
    this.count = count;
    this.source = source;
  }

  int count() {
    return count;
  }

  /** Fetches a block. Another one may take its place in memory from then on. */
  SampleBlock read(int block) {
    Iterator<?> found = source.apply(block);
    Object first = found.hasNext() ? found.next() : null;
    int blocks = first == null ? 0 : 1;
    while (found.hasNext()) { // to the end, where Spark lets its lock go
      found.next();
      blocks++;
    }
    if (first instanceof SampleBlock one && blocks == 1) {
      return one;
    }
    throw new IllegalArgumentException("a partition has " + blocks + " data sets instead of one");
  }
}
