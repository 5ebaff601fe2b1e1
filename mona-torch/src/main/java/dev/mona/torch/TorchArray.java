package dev.mona.torch;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A tensor on a device, or a row-major part of one. */
final class TorchArray implements Array {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Root root;
  private final Layout layout;
  private final Tensor tensor;
  private final Tensor flat;

  /** What all views of the same elements share. */
  private static final class Root {
    private final TorchDevice device;
    private final Memory memory;
    private final Cleaner.Cleanable cleanable;
    private final Map<Layout, TorchArray> views = new ConcurrentHashMap<>();
    private final Map<Layout, Rounded> rounded = new ConcurrentHashMap<>();
    private final AtomicLong written = new AtomicLong();
    private @Nullable TorchArray whole;

    Root(TorchDevice device, Memory memory) {
      this.device = device;
      this.memory = memory;
      cleanable = CLEANER.register(this, memory);
    }

    private Rounded copy(Layout source) {
      Memory copy = device.memory(ScalarType.BFloat16, Short.BYTES, source.length());
      memory.keep(copy);
      return new Rounded(device, copy, source);
    }
  }

  private TorchArray(Root root, Layout layout) {
    this.root = root;
    this.layout = layout;
    tensor = root.memory.tensor(layout);
    flat =
        layout.sizes().length == 1
            ? tensor
            : root.memory.tensor(Layout.rowMajor(layout.offset(), layout.length()));
  }

  /** A new root. */
  static TorchArray root(TorchDevice device, Memory memory, long... shape) {
    Root root = new Root(device, memory);
    TorchArray array = new TorchArray(root, Layout.rowMajor(0, shape.clone()));
    root.whole = array;
    return array;
  }

  /** The array as this engine's. */
  static TorchArray of(Array array) {
    if (array instanceof TorchArray torch) {
      return torch;
    }
    throw new IllegalArgumentException(
        "an array of " + array.device().describe() + " is none of libtorch");
  }

  /** The elements in this shape, to be read. */
  Tensor tensor() {
    return tensor;
  }

  /** The elements as one axis, to be read. */
  Tensor flat() {
    return flat;
  }

  /** The elements in another layout within the root, to be read. */
  Tensor tensor(Layout other) {
    return root.memory.tensor(other);
  }

  Layout layout() {
    return layout;
  }

  /** Row-major in another shape of as many elements. */
  Layout layout(long... shape) {
    return Layout.rowMajor(layout.offset(), shape);
  }

  /** This, about to be written. */
  TorchArray written() {
    Libtorch.enter();
    root.written.incrementAndGet();
    return this;
  }

  /** The elements of the root. */
  Memory memory() {
    return root.memory;
  }

  /** The bytes of the root as elements of another type. */
  Memory memory(ScalarType type) {
    return root.memory.as(type);
  }

  /** A copy in bfloat16 of elements in a layout within the root, contiguous in its order. */
  Memory rounded(Layout source) {
    return root.rounded.computeIfAbsent(source, root::copy).of(root.memory, root.written.get());
  }

  @Override
  public Device device() {
    return root.device;
  }

  @Override
  public long[] shape() {
    return layout.sizes().clone();
  }

  @Override
  public int rank() {
    return layout.sizes().length;
  }

  @Override
  public long size(int axis) {
    long[] sizes = layout.sizes();
    return sizes[axis < 0 ? sizes.length + axis : axis];
  }

  @Override
  public long length() {
    return layout.length();
  }

  @Override
  public Array root() {
    TorchArray whole = root.whole;
    return whole == null ? this : whole;
  }

  @Override
  public Array view(long offset, long... shape) {
    if (offset == 0 && Arrays.equals(shape, layout.sizes())) {
      return this;
    }
    Layout part = Layout.rowMajor(layout.offset() + offset, shape.clone());
    if (offset < 0 || offset + part.length() > layout.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "elements from %d on in shape %s are beyond an array of shape %s",
              offset,
              Arrays.toString(shape),
              Arrays.toString(layout.sizes())));
    }
    return root.views.computeIfAbsent(part, key -> new TorchArray(root, key));
  }

  @Override
  public Array reshape(long... shape) {
    Array same = view(0, shape);
    if (same.length() != length()) {
      throw new IllegalArgumentException(
          Arrays.toString(layout.sizes()) + " does not become " + Arrays.toString(shape));
    }
    return same;
  }

  @Override
  public Optional<FloatBuffer> host() {
    boolean fits = length() > 0 && length() < Integer.MAX_VALUE / Float.BYTES;
    if (!fits || !root.device.place().onHost() || root.device.scalarType() != ScalarType.Float) {
      return Optional.empty();
    }
    return Optional.of(written().flat.data_ptr_float().capacity(length()).asBuffer());
  }

  @Override
  public void put(float[] from, int at) {
    if (length() > 0) {
      written();
      root.device.place().upload(from, at, this);
      root.device.called();
    }
  }

  @Override
  public void get(float[] to, int at) {
    if (length() > 0) {
      Libtorch.enter();
      root.device.place().download(this, to, at);
      root.device.waited();
    }
  }

  @Override
  public Scalar scalar() {
    return TorchScalar.first(root.device, this);
  }

  /** A view is closed with its root. */
  @Override
  public void close() {
    if (root.whole == this) {
      root.cleanable.clean();
    }
  }
}
