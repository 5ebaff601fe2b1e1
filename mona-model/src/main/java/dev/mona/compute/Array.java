package dev.mona.compute;

import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * A row-major array on a device, or a row-major part of one. Views share the elements; a view of
 * some offset and shape is made once and kept with the array, so that asking again costs nothing.
 * Equality is identity.
 */
public interface Array extends AutoCloseable {
  Device device();

  /** A fresh copy. */
  long[] shape();

  int rank();

  /**
   * Size of an axis.
   *
   * @param axis from 0 on, or from -1 backwards
   */
  long size(int axis);

  /** Elements. */
  long length();

  /** The array whose memory this is; itself unless it is a view. */
  Array root();

  /**
   * Consecutive elements in any shape, without a copy.
   *
   * @param offset of the first one within this array
   */
  Array view(long offset, long... shape);

  /** The same elements in another shape of as many; itself where it has that shape. */
  Array reshape(long... shape);

  /** Entries {@code from .. to - 1} of the first axis. */
  default Array slice(long from, long to) {
    long[] shape = shape();
    long each = shape[0] == 0 ? 0 : length() / shape[0];
    shape[0] = to - from;
    return view(from * each, shape);
  }

  /**
   * The floats themselves, where they lie in this process's memory. Asked for anew whenever they
   * are going to be written, since copies that an engine keeps in another type are outdated then.
   */
  default Optional<FloatBuffer> host() {
    return Optional.empty();
  }

  /** Fills the array with values of the host from a position on. May return before it is done. */
  void put(float[] from, int at);

  /** Writes all values to a position of an array of the host. Waits for the device. */
  void get(float[] to, int at);

  /** All values. Waits for the device. */
  default float[] toFloats() {
    float[] values = new float[Math.toIntExact(length())];
    get(values, 0);
    return values;
  }

  /** The first element at its full precision, as a number that is fetched when asked for. */
  Scalar scalar();

  /** Frees the memory of a root; neither it nor its views may be used any more. Repeatable. */
  @Override
  void close();
}
