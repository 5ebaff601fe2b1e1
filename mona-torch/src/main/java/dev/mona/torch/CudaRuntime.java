package dev.mona.torch;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.compute.Gpu;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/** What CUDA says about the driver and the GPUs. */
final class CudaRuntime {
  private static final String MISSING_LIBRARY = "cannot open shared object file";

  /** A class whose initialisation has failed tells why only once. */
  private static @Nullable String failure;

  private CudaRuntime() {}

  /**
   * The GPUs of this process.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} where CUDA or its driver is missing
   *     or too old
   */
  static synchronized List<Gpu> gpus() {
    if (failure != null) {
      throw new MonaException(MonaException.Category.ENVIRONMENT, failure);
    }
    try (IntPointer count = new IntPointer(1)) {
      int code = cudart.cudaGetDeviceCount(count);
      if (code == cudart.cudaErrorNoDevice) {
        return List.of();
      }
      check(code);
      List<Gpu> gpus = new ArrayList<>();
      for (int i = 0; i < count.get(); i++) {
        gpus.add(gpu(i));
      }
      return gpus;
    } catch (LinkageError e) {
      failure =
          "the libraries of CUDA 13 or the driver were not found ("
              + reason(e)
              + "): install them on the node or use an image that has them, or use a jar that was"
              + " built with the profile torch";
      throw new MonaException(MonaException.Category.ENVIRONMENT, failure, e);
    }
  }

  /** What the loader of the operating system said, without the path of who wanted the library. */
  private static String reason(LinkageError e) {
    return Causes.of(e).stream()
        .map(cause -> String.valueOf(cause.getMessage()))
        .filter(message -> message.contains(MISSING_LIBRARY))
        .map(message -> message.replaceFirst("^/\\S+: (?=\\S+: )", ""))
        .findFirst()
        .orElse(String.valueOf(e.getMessage()));
  }

  private static Gpu gpu(int index) {
    try (cudaDeviceProp properties = new cudaDeviceProp()) {
      check(cudart.cudaGetDeviceProperties(properties, index));
      return new Gpu(
          index,
          properties.name().getString(),
          properties.major(),
          properties.minor(),
          properties.totalGlobalMem());
    }
  }

  private static void check(int code) {
    if (code == cudart.cudaErrorInsufficientDriver) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "the NVIDIA driver is too old for CUDA 13: use driver 580 or newer");
    }
    if (code != cudart.cudaSuccess) {
      throw new MonaException(
          MonaException.Category.ENVIRONMENT,
          "CUDA answered with error "
              + code
              + " ("
              + cudart.cudaGetErrorString(code).getString()
              + "): check the driver with nvidia-smi");
    }
  }
}
