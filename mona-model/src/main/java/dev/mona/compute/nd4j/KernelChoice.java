package dev.mona.compute.nd4j;

import dev.mona.compute.ElementType;
import dev.mona.compute.Gpu;
import org.jspecify.annotations.Nullable;

/** Whose loops a device's kernels are. */
enum KernelChoice {
  /** {@link HostKernels}. */
  HOST("host kernels"),
  /** {@link Nd4jKernels}. */
  REFERENCE("reference kernels");

  private final String words;

  KernelChoice(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /**
   * What a device takes.
   *
   * @param gpu null for the CPU
   */
  static KernelChoice of(@Nullable Gpu gpu, ElementType type) {
    return gpu == null && type == ElementType.FLOAT ? HOST : REFERENCE;
  }

  /** Why a device takes what it takes. */
  static String reason(@Nullable Gpu gpu, ElementType type) {
    if (gpu != null) {
      return "the JVM does not see the memory of a GPU";
    }
    return switch (type) {
      case FLOAT -> "floats in the memory of this process";
      case DOUBLE -> "the host kernels are for floats";
    };
  }
}
