package dev.mona.compute.nd4j;

import dev.mona.MonaException;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory of ND4J's arrays outside the heap. ND4J 1.0.0-M2.1 allocates them itself, so that
 * JavaCPP's limit does not see them: 1.4 GB of arrays fit under {@code maxbytes=1g}. Here the same
 * property becomes ND4J's own limit, which refuses an allocation beyond it.
 */
final class ArrayMemory {
  private static final String PROPERTY = "org.bytedeco.javacpp.maxbytes";

  /** How libnd4j's refusal starts. */
  private static final String REFUSED = "Allocation failed";

  private ArrayMemory() {}

  /** Gives ND4J the limit of {@code org.bytedeco.javacpp.maxbytes}, if that is set and not 0. */
  static void limitFromProperties() {
    if (limit() > 0) {
      Nd4j.getEnvironment().setDeviceLimit(0, limit());
    }
  }

  /** The limit that is asked for, in bytes; 0 if none is. */
  static long limit() {
    return System.getProperty(PROPERTY) == null ? 0 : Math.max(0, Pointer.maxBytes());
  }

  /** Bytes of all arrays of this process on a device. */
  static long used(int device) {
    return Nd4j.getEnvironment().getDeviceCouner(device);
  }

  /** A refused allocation in words; other failures stay as they are. */
  static RuntimeException explained(RuntimeException failure) {
    String message = failure.getMessage();
    if (message == null || !message.startsWith(REFUSED)) {
      return failure;
    }
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "the arrays do not fit into "
            + (limit() > 0 ? (limit() >> 20) + " MiB" : "the device's memory")
            + " ("
            + message
            + "): raise org.bytedeco.javacpp.maxbytes and the container's memory, or lower the"
            + " batch sizes or the tasks of an executor; mona validate --cluster computes them",
        failure);
  }
}
