package dev.mona.torch;

import dev.mona.compute.NativeLoading;
import dev.mona.compute.Processor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Float32Backend;
import org.bytedeco.pytorch.global.torch.Float32Op;
import org.bytedeco.pytorch.global.torch.Float32Precision;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The natives: which build is on the class path, and how it is set up in a process and a thread.
 */
final class Libtorch {
  static final String VERSION = "2.10.0";

  private static final Logger log = LoggerFactory.getLogger(Libtorch.class);

  /** Where JavaCPP's jar for GPUs keeps its libraries; it looks there first. */
  private static final String GPU_BUILD =
      "/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/libtorch_cuda.so";

  private static final ThreadLocal<Boolean> ENTERED = ThreadLocal.withInitial(() -> false);

  private Libtorch() {}

  /** Whether the build on the class path computes on GPUs. Loads nothing native. */
  static boolean gpu() {
    return Libtorch.class.getResource(GPU_BUILD) != null;
  }

  /** Loads the natives of a class. */
  static void load(Class<?> bound) {
    NativeLoading.once(folder(), bound, () -> Loader.load(bound));
  }

  private static Path folder() {
    try {
      return Loader.getCacheDir().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is set once, when the natives are loaded. */
  private static final class Settings {
    static final int THREADS;
    static final boolean ONE_DNN;

    static {
      load(torch.class);
      THREADS = torch.get_num_threads();
      ONE_DNN = productsByOneDnn();
    }

    /**
     * Lets oneDNN compute products of floats. libtorch gives them to OpenBLAS, whose own threads
     * spin beside those of OpenMP and take the processor from them, unless oneDNN is permitted to
     * round the factors to bfloat16. Only its kernels for AMX make use of that permission, so that
     * it is given where there is no AMX, and taken back if a product of floats is rounded.
     */
    private static boolean productsByOneDnn() {
      if (Processor.here().has("amx_bf16")) {
        return false;
      }
      permit(Float32Precision.BF16);
      boolean exact = exact();
      if (!exact) {
        permit(Float32Precision.NONE);
        log.warn("event=torch_products by=openblas reason=\"oneDNN rounds products of floats\"");
      }
      return exact;
    }

    private static void permit(Float32Precision precision) {
      torch.globalContext().setFloat32Precision(Float32Backend.MKLDNN, Float32Op.MATMUL, precision);
    }

    /** Whether sums of 64 products of {@code 1 + 2^-12} and 1 keep the small part. */
    private static boolean exact() {
      long n = 64;
      try (org.bytedeco.pytorch.Scalar one = new org.bytedeco.pytorch.Scalar(1.0);
          org.bytedeco.pytorch.Scalar more = new org.bytedeco.pytorch.Scalar(1 + 0x1p-12);
          Tensor a = torch.empty(n, n);
          Tensor b = torch.empty(n, n);
          Tensor c = torch.empty(n, n)) {
        a.fill_(more);
        b.fill_(one);
        torch.mm_out(c, a, b).close();
        return c.data_ptr_float().get(n * n - 1) == (float) (n * (1 + 0x1p-12));
      }
    }
  }

  /** Native threads that a thread has when nothing is asked for. */
  static int threads() {
    return Settings.THREADS;
  }

  /** Who computes products of floats on the CPU. */
  static String products() {
    return Settings.ONE_DNN ? "oneDNN" : "OpenBLAS";
  }

  /** Before a thread's first call: it records nothing for derivatives. */
  static void enter() {
    if (!ENTERED.get()) {
      ENTERED.set(true);
      // the mode lasts as long as the thread: the guard is never undone, least of all in another
      try (InferenceMode mode = new InferenceMode(true)) {
        mode.deallocate(false);
      }
    }
  }

  /** The type of the elements of an array. */
  static ScalarType scalarType(dev.mona.compute.ElementType type) {
    return switch (type) {
      case FLOAT -> ScalarType.Float;
      case DOUBLE -> ScalarType.Double;
    };
  }
}
