package dev.mona.compute.nd4j;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.Gpu;
import dev.mona.compute.Kernels;
import dev.mona.compute.Precision;
import dev.mona.compute.Vectors;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J's CPU or one of its GPUs, with the kernels that were chosen for it. */
public final class Nd4jDevice implements Device {
  private final @Nullable Gpu gpu;
  private final ElementType type;
  private final KernelChoice choice;
  private final Vectors vectors = new Nd4jVectors(this);
  private final LongAdder calls = new LongAdder();
  private final LongAdder waits = new LongAdder();

  /**
   * A device.
   *
   * @param gpu null for the CPU
   */
  Nd4jDevice(@Nullable Gpu gpu, ElementType type, KernelChoice choice) {
    this.gpu = gpu;
    this.type = type;
    this.choice = choice;
  }

  /** An INDArray as an array of this device, without a copy. It stays its owner's to close. */
  public Array wrap(INDArray values) {
    boolean rowMajor = values.ordering() == 'c' && Shape.hasDefaultStridesForShape(values);
    boolean inOneRow = values.isVectorOrScalar() && values.elementWiseStride() == 1;
    if (values.dataType() != dataType() || !(rowMajor || inOneRow)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s values of shape %s in order %s are no row-major array of %s",
              values.dataType(),
              Arrays.toString(values.shape()),
              values.ordering(),
              dataType()));
    }
    return Nd4jArray.root(this, rowMajor ? values : values.reshape('c', values.shape()), false);
  }

  /** The INDArray of an array of this engine: the same elements in the same shape. */
  public static INDArray unwrap(Array array) {
    return Nd4jArray.of(array).values();
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "ND4J on %s in %s, %s",
        gpu == null ? "the CPU" : "GPU " + gpu.index() + " (" + gpu.name() + ")",
        type.name().toLowerCase(Locale.ROOT),
        choice.words());
  }

  @Override
  public String toString() {
    return describe();
  }

  @Override
  public ElementType type() {
    return type;
  }

  DataType dataType() {
    return switch (type) {
      case FLOAT -> DataType.FLOAT;
      case DOUBLE -> DataType.DOUBLE;
    };
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT32;
  }

  @Override
  public void bind(int threads) {
    Nd4j.getAffinityManager().unsafeSetDevice(number());
    if (threads > 0) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }
  }

  private int number() {
    return gpu == null ? 0 : gpu.index();
  }

  @Override
  public Array allocate(long... shape) {
    try {
      INDArray values = Nd4j.createUninitializedDetached(dataType(), shape);
      return Nd4jArray.root(this, values, true);
    } catch (RuntimeException e) {
      throw ArrayMemory.explained(e);
    }
  }

  @Override
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public Kernels kernels(Arena scratch) {
    return switch (choice) {
      case HOST -> new HostKernels(this, scratch);
      case REFERENCE -> new Nd4jKernels(this, scratch);
    };
  }

  /** Whether kernels may be loops of the JVM. */
  boolean host() {
    return choice == KernelChoice.HOST;
  }

  @Override
  public void await() {
    Nd4j.getExecutioner().commit();
  }

  /** Counts a call of ND4J or a pass of a host kernel. */
  void called() {
    calls.increment();
  }

  /** Counts a download, which waits for the device. */
  void waited() {
    calls.increment();
    waits.increment();
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
    return ArrayMemory.used(number());
  }

  @Override
  public long totalBytes() {
    return gpu == null ? ArrayMemory.limit() : gpu.memory();
  }
}
