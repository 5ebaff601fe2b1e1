package dev.mona;

import java.util.Locale;

/**
 * The memory that the reader of a file may take, in bytes. A file says how large its content is,
 * and a few bytes can ask for gigabytes; so a reader asks the budget before it allocates, and a
 * file that wants too much ends in a {@link MonaException}, not in an {@link OutOfMemoryError}.
 *
 * <p>One budget belongs to one reading of one file or set, and to one thread.
 */
public final class ByteBudget {
  /** The longest array of the JVM, in elements. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final long MEBIBYTE = 1 << 20;

  /** Of the heap: the rest is for what the process holds already. */
  private static final double SHARE_OF_HEAP = 0.75;

  private final MonaException.Category category;
  private final String where;
  private final long limit;
  private long taken;

  private ByteBudget(MonaException.Category category, String where, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("a budget of " + limit + " bytes");
    }
    this.category = category;
    this.where = where;
    this.limit = limit;
  }

  /**
   * Three quarters of the largest heap that this process can have.
   *
   * @param category of the error
   * @param where name of the file or set for messages
   */
  public static ByteBudget ofHeap(MonaException.Category category, String where) {
    return ofHeap(category, where, SHARE_OF_HEAP);
  }

  /**
   * A share of the largest heap that this process can have.
   *
   * @param category of the error
   * @param where name of the file or set for messages
   * @param share above 0, below 1
   */
  public static ByteBudget ofHeap(MonaException.Category category, String where, double share) {
    return of(category, where, (long) (share * Runtime.getRuntime().maxMemory()));
  }

  /**
   * A budget of so many bytes.
   *
   * @param category of the error
   * @param where name of the file or set for messages
   * @param limit the most bytes in all, 0 or more
   */
  public static ByteBudget of(MonaException.Category category, String where, long limit) {
    return new ByteBudget(category, where, limit);
  }

  /**
   * Takes bytes out of the budget; call it before they are allocated.
   *
   * @param bytes how many; a negative number is one that overflowed, and too many
   * @param what they hold, for the message: "image 3", "tensor 'a'"
   * @throws MonaException when they are more than what is left
   */
  public void take(long bytes, String what) {
    if (bytes < 0 || bytes > limit - taken) {
      throw new MonaException(
          category,
          "%s asks for %s of memory by its %s, and reading it may take %s in all; it is damaged or too large for the memory of this process (-Xmx, spark.driver.memory)"
              .formatted(where, bytes < 0 ? "too much" : shown(sum(bytes)), what, shown(limit)));
    }
    taken += bytes;
  }

  /**
   * Takes an array out of the budget.
   *
   * @param elements its length
   * @param bytesEach bytes of an element
   * @param what it holds, for the message
   * @return its length
   * @throws MonaException when it is more than what is left, or longer than an array can be
   */
  public int array(long elements, int bytesEach, String what) {
    if (elements < 0 || elements > MAX_ARRAY) {
      throw new MonaException(
          category,
          String.format(
              Locale.ROOT,
              "%s has %s elements in its %s, and at most %d can be read; it is damaged or too large",
              where,
              Long.toUnsignedString(elements),
              what,
              MAX_ARRAY));
    }
    take(elements * bytesEach, what);
    return (int) elements;
  }

  /** Gives bytes back that are no longer held. */
  public void release(long bytes) {
    if (bytes < 0 || bytes > taken) {
      throw new IllegalArgumentException("cannot give back " + bytes + " of " + taken + " bytes");
    }
    taken -= bytes;
  }

  /** Bytes that are left. */
  public long left() {
    return limit - taken;
  }

  private long sum(long bytes) {
    return bytes > Long.MAX_VALUE - taken ? Long.MAX_VALUE : taken + bytes;
  }

  private static String shown(long bytes) {
    return bytes < MEBIBYTE
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%d MiB", bytes / MEBIBYTE);
  }
}
