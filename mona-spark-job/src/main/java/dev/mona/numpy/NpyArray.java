package dev.mona.numpy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A NumPy array, always row-major, whatever the order in its file: in memory, or mapped from a file
 * in pages of 1 GiB.
 */
public final class NpyArray {
  private final NpyType type;
  private final List<Integer> shape;
  private static final int PAGE_BITS = 30;

  /** Bytes of a page but the last; a multiple of every element's. */
  static final int PAGE = 1 << PAGE_BITS;

  private final List<ByteBuffer> pages;

  /**
   * @param data elements in row-major order, not copied
   */
  NpyArray(NpyType type, ByteOrder order, List<Integer> shape, byte[] data) {
    this(type, order, shape, pages(data));
  }

  /**
   * @param order order of the bytes of an element
   * @param pages elements in row-major order, {@link #PAGE} bytes each, the last one perhaps fewer
   */
  NpyArray(NpyType type, ByteOrder order, List<Integer> shape, List<ByteBuffer> pages) {
    this.type = type;
    this.shape = List.copyOf(shape);
    this.pages = pages.stream().map(page -> page.order(order)).toList();
    long bytes = this.pages.stream().mapToLong(ByteBuffer::capacity).sum();
    if (size() * type.bytes() != bytes) {
      throw new IllegalArgumentException(bytes + " bytes cannot hold " + shape + " of " + type);
    }
  }

  private static List<ByteBuffer> pages(byte[] data) {
    List<ByteBuffer> pages = new ArrayList<>();
    for (int from = 0; from < data.length; from += Math.min(PAGE, data.length - from)) {
      pages.add(ByteBuffer.wrap(data, from, Math.min(PAGE, data.length - from)).slice());
    }
    return pages;
  }

  public NpyType type() {
    return type;
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Number of elements. */
  public long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** Element at a row-major position. */
  public double value(long position) {
    long offset = position * type.bytes();
    return type.valueAt(page(offset), within(offset));
  }

  /** Element at a row-major position of an array whose type {@link NpyType#isInteger()}. */
  public long integer(long position) {
    long offset = position * type.bytes();
    return type.integerAt(page(offset), within(offset));
  }

  private ByteBuffer page(long offset) {
    return pages.get((int) (offset >>> PAGE_BITS));
  }

  private static int within(long offset) {
    return (int) (offset & (PAGE - 1));
  }
}
