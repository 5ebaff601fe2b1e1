package dev.mona.device;

import dev.mona.MonaException;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory of ND4J's arrays outside the heap. ND4J 1.0.0-M2.1 allocates them itself, so that
 * JavaCPP's limit does not see them: 1.4 GB of arrays fit under {@code maxbytes=1g}. Here the same
 * property becomes ND4J's own limit, which refuses an allocation beyond it.
 */
public final class ArrayMemory {
  private static final String PROPERTY = "org.bytedeco.javacpp.maxbytes";

  /** How libnd4j's refusal starts. */
  private static final String REFUSED = "Allocation failed";

  private ArrayMemory() {}

  /** Gives ND4J the limit of {@code org.bytedeco.javacpp.maxbytes}, if that is set and not 0. */
  public static void limitFromProperties() {
    limit().ifPresent(bytes -> Nd4j.getEnvironment().setDeviceLimit(0, bytes));
  }

  /** The limit that is asked for. */
  public static Optional<Long> limit() {
    if (System.getProperty(PROPERTY) == null || Pointer.maxBytes() <= 0) {
      return Optional.empty();
    }
    return Optional.of(Pointer.maxBytes());
  }

  /** Bytes of all arrays of this process. */
  public static long used() {
    return Nd4j.getEnvironment().getDeviceCouner(0);
  }

  /** A refused allocation in words; other failures stay as they are. */
  public static RuntimeException explained(RuntimeException failure) {
    String message = failure.getMessage();
    if (message == null || !message.startsWith(REFUSED)) {
      return failure;
    }
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "the arrays do not fit into "
            + limit().map(bytes -> (bytes >> 20) + " MiB").orElse("the device's memory")
            + " ("
            + message
            + "): raise org.bytedeco.javacpp.maxbytes and the container's memory, or lower the"
            + " batch sizes or the tasks of an executor; mona validate --cluster computes them",
        failure);
  }
}
