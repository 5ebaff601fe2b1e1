package dev.mona.torch;

import dev.mona.MonaException;
import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Kernels;
import dev.mona.compute.Precision;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Vectors;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** libtorch's CPU or one of its GPUs. */
final class TorchDevice implements Device {
  /** Tries to have unused arrays collected before an allocation is refused. */
  private static final int COLLECTIONS = 3;

  private static final long PAUSE_MS = 100;

  private final DeviceSpec spec;
  private final Place place;
  private final ScalarType type;
  private final Constants constants;
  private final Vectors vectors;
  private final AtomicLong used = new AtomicLong();
  private final LongAdder calls = new LongAdder();
  private final LongAdder waits = new LongAdder();
  private final Map<RowIndex, RowTable> tables = Collections.synchronizedMap(new WeakHashMap<>());

  TorchDevice(DeviceSpec spec, Place place) {
    this.spec = spec;
    this.place = place;
    type = Libtorch.scalarType(spec.type());
    constants = new Constants(type);
    vectors = new TorchVectors(this);
  }

  Place place() {
    return place;
  }

  ScalarType scalarType() {
    return type;
  }

  Constants constants() {
    return constants;
  }

  /** The rows as tensors of this device, made once. */
  RowTable table(RowIndex rows) {
    return tables.computeIfAbsent(rows, key -> new RowTable(place, key));
  }

  /** Counts a call whose result is the tensor that it was called on. */
  void called() {
    calls.increment();
  }

  /** Counts a call and lets go of what it returned: another name of its output. */
  void called(Pointer returned) {
    calls.increment();
    returned.close();
  }

  /** Counts a call that waited for its values. */
  void waited() {
    calls.increment();
    waits.increment();
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "libtorch %s on %s in %s, products in %s",
        Libtorch.VERSION,
        place.words(),
        spec.type().name().toLowerCase(Locale.ROOT),
        spec.precision().id());
  }

  @Override
  public String toString() {
    return describe();
  }

  @Override
  public ElementType type() {
    return spec.type();
  }

  @Override
  public Precision precision() {
    return spec.precision();
  }

  @Override
  public void bind(int threads) {
    Libtorch.enter();
    place.bind(threads);
  }

  @Override
  public Array allocate(long... shape) {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    return TorchArray.root(this, memory(type, spec.type().bytes(), n), shape);
  }

  @Override
  public Array of(float[] values, long... shape) {
    Array array = allocate(shape);
    array.put(values, 0);
    // other threads may read it as soon as they see it
    place.await();
    return array;
  }

  /**
   * Elements that are counted.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} where they do not fit
   */
  Memory memory(ScalarType elements, int each, long n) {
    long bytes = Math.multiplyExact(n, each);
    reserve(bytes);
    Libtorch.enter();
    try {
      Tensor tensor = place.empty(elements, n);
      return new Memory(tensor, bytes, used);
    } catch (RuntimeException e) {
      used.addAndGet(-bytes);
      throw refused(bytes, e);
    }
  }

  private void reserve(long bytes) {
    long limit = place.totalBytes();
    for (int tries = 0; !reserved(bytes, limit); tries++) {
      if (tries == COLLECTIONS) {
        throw refused(bytes, null);
      }
      System.gc();
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean reserved(long bytes, long limit) {
    long now = used.addAndGet(bytes);
    if (limit == 0 || now <= limit) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  private MonaException refused(long bytes, @Nullable RuntimeException cause) {
    String sentence =
        String.format(
            Locale.ROOT,
            "Allocation failed: %d MiB more than the %d MiB in use do not fit into the %d MiB for"
                + " arrays: raise the memory, or lower the batch sizes or the tasks of an executor;"
                + " mona validate --cluster computes them",
            bytes >> 20,
            used.get() >> 20,
            place.totalBytes() >> 20);
    return cause == null
        ? new MonaException(MonaException.Category.ENVIRONMENT, sentence)
        : new MonaException(MonaException.Category.ENVIRONMENT, sentence, cause);
  }

  @Override
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public Kernels kernels(Arena scratch) {
    return new TorchKernels(this, scratch);
  }

  @Override
  public void await() {
    waits.increment();
    place.await();
  }

  @Override
  public long calls() {
    return calls.sum();
  }

  @Override
  public long waits() {
    return waits.sum();
  }

  @Override
  public long usedBytes() {
    return used.get();
  }

  @Override
  public long totalBytes() {
    return place.totalBytes();
  }
}
