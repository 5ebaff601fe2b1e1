package dev.mona.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A NumPy array in memory, always row-major, whatever the order in its file. */
final class NpyArray {
  private final NpyType type;
  private final List<Integer> shape;
  private final ByteBuffer data;

  /**
   * @param data little-endian elements in row-major order, not copied
   */
  NpyArray(NpyType type, List<Integer> shape, byte[] data) {
    long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (size * type.bytes() != data.length) {
      throw new IllegalArgumentException(
          data.length + " bytes cannot hold " + shape + " of " + type);
    }
    this.type = type;
    this.shape = List.copyOf(shape);
    this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  NpyType type() {
    return type;
  }

  List<Integer> shape() {
    return shape;
  }

  /** Number of elements. */
  int size() {
    return data.capacity() / type.bytes();
  }

  /** Element at a row-major position. */
  double value(int position) {
    return type.valueAt(data, position * type.bytes());
  }

  /** Element at a row-major position of an array whose type {@link NpyType#isInteger()}. */
  long integer(int position) {
    return type.integerAt(data, position * type.bytes());
  }
}
