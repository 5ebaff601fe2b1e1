package dev.mona.weights;

/** Arithmetic on shapes that come from a file. */
final class Shapes {
  /** The longest array a JVM is sure to give. */
  static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private Shapes() {}

  /** Number of elements of a shape; -1 when a size is negative or the product exceeds a long. */
  static long elements(long[] shape) {
    long n = 1;
    for (long size : shape) {
      if (size < 0 || (n != 0 && size > Long.MAX_VALUE / n)) {
        return -1;
      }
      n *= size;
    }
    return n;
  }
}
