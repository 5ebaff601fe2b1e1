package dev.mona.compute.nd4j;

import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.compute.Gpu;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The CUDA runtime library through JavaCPP, the first that the CUDA backend loads too. By
 * reflection: a CPU build has none of these classes.
 */
final class CudaRuntime implements Supplier<List<Gpu>> {
  private static final String FUNCTIONS = "org.bytedeco.cuda.global.cudart";
  private static final String PROPERTIES = "org.bytedeco.cuda.cudart.cudaDeviceProp";

  /** cudaErrorNoDevice: the driver is there and has nothing to drive. */
  private static final int NO_DEVICE = 100;

  private static final String MISSING_LIBRARY = "cannot open shared object file";

  /** A class whose initialisation has failed tells why only once. */
  private static @Nullable String failure;

  /**
   * The devices that this process sees.
   *
   * @throws MonaException of the category {@code ENVIRONMENT} when driver or libraries are missing
   */
  @Override
  public List<Gpu> get() {
    synchronized (CudaRuntime.class) {
      if (failure != null) {
        throw new MonaException(MonaException.Category.ENVIRONMENT, failure);
      }
      try {
        return ask();
      } catch (MonaException e) {
        failure = e.getMessage();
        throw e;
      }
    }
  }

  private static List<Gpu> ask() {
    try {
      Class<?> cudart = Class.forName(FUNCTIONS);
      int[] count = new int[1];
      int code = call(cudart, "cudaGetDeviceCount", new Class<?>[] {int[].class}, count);
      if (code != 0 && code != NO_DEVICE) {
        throw failed(cudart, "cudaGetDeviceCount", code);
      }
      List<Gpu> gpus = new ArrayList<>();
      for (int index = 0; index < count[0]; index++) {
        gpus.add(gpu(cudart, index));
      }
      return List.copyOf(gpus);
    } catch (ClassNotFoundException e) {
      throw unavailable("the class path lacks " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw unavailable(reason(e), e);
    } catch (ReflectiveOperationException e) {
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private static Gpu gpu(Class<?> cudart, int index) throws ReflectiveOperationException {
    Class<?> type = Class.forName(PROPERTIES);
    try (Pointer properties = (Pointer) type.getConstructor().newInstance()) {
      int code =
          call(
              cudart,
              "cudaGetDeviceProperties",
              new Class<?>[] {type, int.class},
              properties,
              index);
      if (code != 0) {
        throw failed(cudart, "cudaGetDeviceProperties", code);
      }
      BytePointer name = (BytePointer) type.getMethod("name").invoke(properties);
      return new Gpu(
          index,
          name.getString(),
          (int) type.getMethod("major").invoke(properties),
          (int) type.getMethod("minor").invoke(properties),
          (long) type.getMethod("totalGlobalMem").invoke(properties));
    }
  }

  private static int call(Class<?> cudart, String function, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    try {
      return (int) cudart.getMethod(function, types).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof LinkageError missing) {
        throw missing;
      }
      throw e;
    }
  }

  private static MonaException failed(Class<?> cudart, String function, int code)
      throws ReflectiveOperationException {
    BytePointer text =
        (BytePointer) cudart.getMethod("cudaGetErrorString", int.class).invoke(null, code);
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "the CUDA driver does not work (%s: %s): check it with nvidia-smi"
            .formatted(function, text.getString()));
  }

  /** What the loader of the operating system said, without the path of who wanted the library. */
  private static String reason(LinkageError e) {
    for (Throwable at : Causes.of(e)) {
      String message = String.valueOf(at.getMessage());
      if (message.contains(MISSING_LIBRARY)) {
        return message.replaceFirst("^/\\S+: (?=\\S+: )", "");
      }
    }
    return String.valueOf(e.getMessage());
  }

  private static MonaException unavailable(String why, Throwable cause) {
    return new MonaException(
        MonaException.Category.ENVIRONMENT,
        "the CUDA backend is on the class path but CUDA cannot be loaded ("
            + why
            + "): run where the NVIDIA driver and the CUDA 11.6 runtime are installed, or use a jar"
            + " with the CPU backend",
        cause);
  }
}
