package dev.mona.sizing;

import dev.mona.MonaException;
import java.util.Locale;

/**
 * Memory of one process, in bytes.
 *
 * @param heap largest heap
 * @param arrays arrays outside the heap
 * @param rest everything else that the operating system counts
 */
public record ProcessMemory(long heap, long arrays, long rest) {
  private static final long MIB = 1L << 20;

  public ProcessMemory {
    if (heap < 1 || arrays < 1 || rest < 1) {
      throw new IllegalArgumentException("all parts of a process's memory must be >= 1 byte");
    }
  }

  /** What its container has to have. */
  public long container() {
    return heap + arrays + rest;
  }

  /**
   * The same process in a given container: what is left over goes to heap and arrays alike.
   *
   * @throws MonaException of the category {@code CONFIGURATION} when it is too small
   */
  public ProcessMemory in(long container) {
    long over = container - container();
    if (over < 0) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "an executor needs %d MiB (heap %d, arrays %d, rest %d) and its container has %d MiB: give it more, or lower the batch sizes or the tasks of an executor",
              mebi(container()),
              mebi(heap),
              mebi(arrays),
              mebi(rest),
              container / MIB));
    }
    return new ProcessMemory(heap + over / 2, arrays + over - over / 2, rest);
  }

  /** In whole MiB, rounded up. */
  public static long mebi(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
