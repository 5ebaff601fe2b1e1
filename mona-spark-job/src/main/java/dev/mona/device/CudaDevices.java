package dev.mona.device;

import java.util.List;

/**
 * What the CUDA driver says.
 *
 * @param driver newest CUDA version the driver supports, e.g. 11060 for 11.6
 * @param runtime version of the CUDA runtime library
 * @param gpus devices that this process sees
 */
public record CudaDevices(int driver, int runtime, List<Gpu> gpus) {
  public CudaDevices {
    gpus = List.copyOf(gpus);
  }

  /** {@code 11.6} for 11060. */
  public static String version(int code) {
    return code / 1000 + "." + code % 1000 / 10;
  }
}
