package dev.mona.tensor;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import java.util.Arrays;
import java.util.Locale;

/**
 * One flat vector {@code [n]} on a device and named row-major views into it. Writing to a view
 * writes to the vector. {@link #close} frees a vector that was made here: the garbage collector,
 * which sees a small object, would keep its memory for long.
 */
public final class Parameters implements AutoCloseable {
  private final ParameterLayout layout;
  private final Array vector;
  private final boolean owned;

  private Parameters(ParameterLayout layout, Array vector, boolean owned) {
    this.layout = layout;
    this.vector = vector;
    this.owned = owned;
  }

  /** Zeros on a device. */
  public static Parameters zeros(ParameterLayout layout, Device device) {
    return new Parameters(layout, device.zeros(layout.length()), true);
  }

  /**
   * Parameters over a vector that belongs to someone else, without a copy.
   *
   * @param vector shape {@code [n]}; a view of a longer vector will do
   */
  public static Parameters over(ParameterLayout layout, Array vector) {
    if (vector.rank() != 1 || vector.length() != layout.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a vector of shape %s cannot hold %d parameters",
              Arrays.toString(vector.shape()),
              layout.length()));
    }
    return new Parameters(layout, vector, false);
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** The flat vector, shape {@code [n]}. */
  public Array vector() {
    return vector;
  }

  public Device device() {
    return vector.device();
  }

  public long length() {
    return layout.length();
  }

  /** The view of one tensor, in its own shape. */
  public Array view(String name) {
    ParameterLayout.Entry entry = layout.entry(name);
    return vector.view(entry.offset(), entry.shape());
  }

  public void assign(float[] values) {
    if (values.length != length()) {
      throw new IllegalArgumentException(
          "got " + values.length + " values for a vector of " + length());
    }
    assign(values, 0);
  }

  /** Takes over the values of a longer array from a position on. */
  public void assign(float[] values, int at) {
    vector.put(values, at);
  }

  /** Sets every value to 0. */
  public void clear() {
    device().vectors().fill(vector, 0);
  }

  /** A copy of the vector as float. */
  public float[] toFloats() {
    return vector.toFloats();
  }

  /** Zeros with the same layout on the same device. */
  public Parameters zerosLike() {
    return zeros(layout, device());
  }

  /** A deep copy with the same layout. */
  public Parameters copy() {
    Array copy = device().allocate(length());
    device().vectors().copy(vector, copy);
    return new Parameters(layout, copy, true);
  }

  /** Frees the vector; neither it nor its views may be used any more. May be called twice. */
  @Override
  public void close() {
    if (owned) {
      vector.close();
    }
  }
}
