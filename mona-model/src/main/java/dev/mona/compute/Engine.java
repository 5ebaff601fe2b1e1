package dev.mona.compute;

import java.util.List;

/**
 * A library that holds arrays and computes on them. Found by {@link java.util.ServiceLoader}; see
 * {@link Engines}. Making one loads no native library.
 */
public interface Engine {
  /** Name in the configuration: {@code nd4j}, {@code torch}. */
  String name();

  /** The library with its version, and the build of its natives. */
  String library();

  /** Whether the build on the class path computes on GPUs. */
  boolean gpu();

  /**
   * The GPUs of this process; empty where {@link #gpu} is false.
   *
   * @throws dev.mona.MonaException of the category {@code ENVIRONMENT} where the driver or the
   *     libraries of a GPU build are missing or too old
   */
  List<Gpu> gpus();

  /**
   * A device, shared by all learners of a JVM.
   *
   * @throws dev.mona.MonaException of the category {@code ENVIRONMENT} where there is no such GPU,
   *     the natives have no code for it, or the processor cannot do the precision; never another
   *     device or precision instead
   */
  Device open(DeviceSpec spec);
}
