package dev.mona.compute.nd4j;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Heads;
import dev.mona.compute.Scalar;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A row-major INDArray. Each view holds native memory that only the garbage collector hands back,
 * so a view is made once and kept with its root, and so is each other way to see an array: apart by
 * heads, with its axes in another order, as floats of the JVM.
 */
final class Nd4jArray implements Array {
  private final Nd4jDevice device;
  private final INDArray values;
  private final long[] shape;
  private final long length;

  /** Null in a root, which does not point to itself. */
  private final @Nullable Nd4jArray whole;

  private final long offset;
  private final boolean owned;
  private final boolean seen;

  /** Views of a root by their offset. */
  private final Map<Long, List<Nd4jArray>> views = new HashMap<>();

  /** The same elements with other strides. */
  private final List<Strided> strided = new ArrayList<>();

  private @Nullable FloatBuffer floats;

  /**
   * A view of other strides.
   *
   * @param order the axes in their order, or heads and tokens, which are negative here
   */
  private record Strided(int[] order, INDArray values) {}

  private Nd4jArray(
      Nd4jDevice device, INDArray values, @Nullable Nd4jArray whole, long offset, boolean owned) {
    this.device = device;
    this.values = values;
    this.whole = whole;
    this.offset = offset;
    this.owned = owned;
    shape = values.shape();
    length = values.length();
    seen = HostFloats.sees(values);
  }

  /** A root over row-major values; closing it closes them if it owns them. */
  static Nd4jArray root(Nd4jDevice device, INDArray values, boolean owned) {
    return new Nd4jArray(device, values, null, 0, owned);
  }

  static Nd4jArray of(Array array) {
    return (Nd4jArray) array;
  }

  /** The matrices of each head, {@code [batch, heads, rows, columns]}. */
  static INDArray of(Heads heads) {
    Nd4jArray array = of(heads.array());
    return heads.tokens() ? array.byHead(heads.heads(), heads.length()) : array.values;
  }

  INDArray values() {
    return values;
  }

  /**
   * Whether host kernels take it: {@linkplain HostFloats#sees row-major floats}, but for shapes
   * with axes of size 1 that have other strides than ND4J's default, which the reference's kernels
   * take.
   */
  boolean seen() {
    return seen;
  }

  /** The values in the shape of another array of as many. */
  INDArray like(Nd4jArray other) {
    return Arrays.equals(shape, other.shape) ? values : of(reshape(other.shape)).values;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  boolean sameShape(Nd4jArray other) {
    return Arrays.equals(shape, other.shape);
  }

  @Override
  public int rank() {
    return shape.length;
  }

  @Override
  public long size(int axis) {
    return shape[axis < 0 ? axis + shape.length : axis];
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Nd4jArray root() {
    return whole == null ? this : whole;
  }

  @Override
  public Nd4jArray view(long from, long... to) {
    long n = 1;
    for (long size : to) {
      n *= size;
    }
    if (from < 0 || n < 0 || from + n > length) {
      throw new IllegalArgumentException(
          n
              + " elements from "
              + from
              + " on are no part of an array of shape "
              + Arrays.toString(shape));
    }
    return root().part(offset + from, n, to);
  }

  /** Of a root; constants have several readers. */
  private synchronized Nd4jArray part(long from, long n, long... to) {
    if (n == length && Arrays.equals(shape, to)) {
      return this;
    }
    List<Nd4jArray> known = views.computeIfAbsent(from, unused -> new ArrayList<>());
    for (Nd4jArray view : known) {
      if (Arrays.equals(view.shape, to)) {
        return view;
      }
    }
    Nd4jArray view = new Nd4jArray(device, values(from, n, to), this, from, false);
    known.add(view);
    return view;
  }

  private INDArray values(long from, long n, long... to) {
    if (n == 0) {
      return Nd4j.createUninitializedDetached(values.dataType(), to);
    }
    INDArray all =
        n == length
            ? values
            : values.reshape('c', new long[] {length}).get(NDArrayIndex.interval(from, from + n));
    return all.reshape('c', to);
  }

  @Override
  public Nd4jArray reshape(long... to) {
    if (Arrays.equals(shape, to)) {
      return this;
    }
    Nd4jArray view = view(0, to);
    if (view.length != length) {
      throw new IllegalArgumentException(
          "the shape "
              + Arrays.toString(to)
              + " has not as many elements as "
              + Arrays.toString(shape));
    }
    return view;
  }

  /** {@code [batch * length, width]} seen as {@code [batch, heads, length, width / heads]}. */
  private INDArray byHead(int heads, int tokens) {
    return strided(
        new int[] {-heads, -tokens},
        () ->
            values
                .reshape('c', shape[0] / tokens, tokens, heads, shape[1] / heads)
                .permute(0, 2, 1, 3));
  }

  /** The axes in another order. */
  INDArray permuted(int... axes) {
    return strided(axes, () -> values.permute(axes));
  }

  private synchronized INDArray strided(int[] order, Supplier<INDArray> made) {
    for (Strided known : strided) {
      if (Arrays.equals(known.order, order)) {
        return known.values;
      }
    }
    INDArray view = made.get();
    strided.add(new Strided(order.clone(), view));
    return view;
  }

  /** The floats, for arrays that the JVM {@linkplain HostFloats#sees sees}. */
  synchronized FloatBuffer floats() {
    FloatBuffer known = floats;
    if (known == null) {
      known = HostFloats.view(values);
      floats = known;
    }
    return known;
  }

  @Override
  public Optional<FloatBuffer> host() {
    return seen ? Optional.of(floats()) : Optional.empty();
  }

  @Override
  public void put(float[] from, int at) {
    device.called();
    if (length > 0) {
      HostFloats.copy(from, at, values);
    }
  }

  @Override
  public void get(float[] to, int at) {
    device.waited();
    if (length > 0) {
      HostFloats.copy(values, to, at);
    }
  }

  @Override
  public Scalar scalar() {
    device.waited();
    return Scalar.of(values.getDouble(0));
  }

  @Override
  public void close() {
    if (owned && !values.wasClosed()) {
      views.clear();
      strided.clear();
      values.close();
    }
  }
}
