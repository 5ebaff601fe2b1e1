package dev.mona.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * One flat vector {@code [n]} and named row-major views into it. Writing to a view writes to the
 * vector. {@link #close} frees a vector that was made here: the garbage collector, which sees a
 * small object, would keep its memory for long.
 */
public final class Parameters implements AutoCloseable {
  private final ParameterLayout layout;
  private final INDArray vector;
  private final boolean owned;
  private final Map<String, INDArray> views = new LinkedHashMap<>();

  private Parameters(ParameterLayout layout, INDArray vector, boolean owned) {
    this.layout = layout;
    this.vector = vector;
    this.owned = owned;
    for (ParameterLayout.Entry entry : layout.entries()) {
      views.put(entry.name(), slice(entry.offset(), entry.shape()));
    }
  }

  /** Zeros of the given type. */
  public static Parameters zeros(ParameterLayout layout, DataType type) {
    return new Parameters(layout, Nd4j.zeros(type, layout.length()), true);
  }

  /**
   * Parameters over a vector that belongs to someone else, without a copy.
   *
   * @param vector shape {@code [n]}, contiguous; a view of a longer vector will do
   */
  public static Parameters over(ParameterLayout layout, INDArray vector) {
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
  public INDArray vector() {
    return vector;
  }

  public long length() {
    return layout.length();
  }

  /** The view of one tensor, in its own shape. */
  public INDArray view(String name) {
    INDArray view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException("no parameter named " + name + " in " + views.keySet());
    }
    return view;
  }

  private INDArray slice(long offset, long[] shape) {
    long n = 1;
    for (long size : shape) {
      n *= size;
    }
    return vector.get(NDArrayIndex.interval(offset, offset + n)).reshape('c', shape);
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
    HostFloats.copy(values, at, vector);
  }

  /** A copy of the vector as float. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(length())];
    HostFloats.copy(vector, values, 0);
    return values;
  }

  /** Zeros with the same layout and type. */
  public Parameters zerosLike() {
    return zeros(layout, vector.dataType());
  }

  /** A deep copy with the same layout. */
  public Parameters copy() {
    return new Parameters(layout, vector.dup(), true);
  }

  /** Frees the vector; neither it nor its views may be used any more. May be called twice. */
  @Override
  public void close() {
    if (owned && !vector.wasClosed()) {
      vector.close();
    }
  }
}
