package dev.mona.device;

/** Asks the CUDA driver. */
@FunctionalInterface
public interface CudaDriver {

  /**
   * Driver, runtime and devices.
   *
   * @throws dev.mona.MonaException of the category {@code ENVIRONMENT} when driver or libraries are
   *     missing
   */
  CudaDevices query();
}
