package dev.mona.compute.nd4j;

import dev.mona.MonaException;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Gpu;
import dev.mona.compute.NativeLoading;
import dev.mona.compute.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ND4J with the backend on the class path: on the CPU, or on GPUs that it has machine code for. The
 * backend is found by the name of its class, and GPUs are asked before ND4J's own start, which
 * would go on with another backend or hide why it failed.
 */
public final class Nd4jEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(Nd4jEngine.class);
  private static final String VERSION = "1.0.0-M2.1";
  private static final String CUDA_PACKAGE = "org.nd4j.linalg.jcublas.";

  /**
   * Compute capabilities that nd4j-cuda-11.6 1.0.0-M2.1 has machine code for. It holds no PTX, so
   * that nothing is compiled for other devices when it is loaded.
   */
  private static final List<int[]> MACHINE_CODE =
      List.of(
          new int[] {3, 7},
          new int[] {5, 0},
          new int[] {5, 2},
          new int[] {6, 0},
          new int[] {6, 1},
          new int[] {7, 0},
          new int[] {7, 5},
          new int[] {8, 0},
          new int[] {8, 6});

  /** Those of this JVM, which all learners share. */
  private static final Map<DeviceSpec, Nd4jDevice> DEVICES = new ConcurrentHashMap<>();

  private final Optional<String> backend;
  private final Supplier<List<Gpu>> driver;
  private final Map<DeviceSpec, Nd4jDevice> devices;

  /** With the backend on the class path. */
  public Nd4jEngine() {
    this(backendOnClassPath(), new CudaRuntime(), DEVICES);
  }

  /**
   * With a given backend.
   *
   * @param backend name of its class
   * @param driver says which GPUs there are; asked when the backend needs one
   * @param devices those that were opened
   */
  Nd4jEngine(
      Optional<String> backend, Supplier<List<Gpu>> driver, Map<DeviceSpec, Nd4jDevice> devices) {
    this.backend = backend;
    this.driver = driver;
    this.devices = devices;
  }

  /** CUDA first, which ND4J prefers too. Loads the class but does not initialise it. */
  private static Optional<String> backendOnClassPath() {
    List<String> all =
        ServiceLoader.load(Nd4jBackend.class, Nd4jBackend.class.getClassLoader()).stream()
            .map(provider -> provider.type().getName())
            .sorted()
            .toList();
    return all.stream().filter(Nd4jEngine::cuda).findFirst().or(() -> all.stream().findFirst());
  }

  private static boolean cuda(String backend) {
    return backend.startsWith(CUDA_PACKAGE);
  }

  /**
   * A device with the kernels that {@link #open} does not choose: the reference's on the CPU, for
   * tests.
   */
  public static Nd4jDevice reference(ElementType type) {
    return new Nd4jDevice(null, type, KernelChoice.REFERENCE);
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String library() {
    return "ND4J " + VERSION + (gpu() ? " for CUDA 11.6" : " for the CPU");
  }

  @Override
  public boolean gpu() {
    return backend.filter(Nd4jEngine::cuda).isPresent();
  }

  @Override
  public List<Gpu> gpus() {
    return gpu() ? driver.get() : List.of();
  }

  @Override
  public Nd4jDevice open(DeviceSpec spec) {
    if (spec.precision() != Precision.FLOAT32) {
      throw refused(
          "ND4J computes in float32 and not in "
              + spec.precision().id()
              + ": use the engine torch, or float32");
    }
    if (backend.isEmpty()) {
      throw refused(
          "no ND4J backend is on the class path: use a jar that was built with the profile cpu or"
              + " cuda");
    }
    return devices.computeIfAbsent(spec, this::start);
  }

  private Nd4jDevice start(DeviceSpec spec) {
    Gpu gpu = gpu() ? usable(spec.number()) : null;
    load();
    if (gpu == null) {
      ArrayMemory.limitFromProperties();
    }
    Nd4jDevice device = new Nd4jDevice(gpu, spec.type(), KernelChoice.of(gpu, spec.type()));
    log.info(
        "event=device engine=nd4j device=\"{}\" kernels_because=\"{}\"",
        device.describe(),
        KernelChoice.reason(gpu, spec.type()));
    return device;
  }

  private static void load() {
    try {
      NativeLoading.once(Loader.getCacheDir().toPath(), Nd4j.class, Nd4j::getBackend);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Gpu usable(int number) {
    List<Gpu> gpus = gpus();
    if (gpus.isEmpty()) {
      throw refused(
          "the CUDA backend is on the class path but this process sees no GPU: give the container"
              + " one, check CUDA_VISIBLE_DEVICES, or use a jar with the CPU backend");
    }
    if (number < 0 || number >= gpus.size()) {
      throw refused(
          "there is no GPU " + number + ": this process sees " + gpus.size() + ", from 0 on");
    }
    Gpu gpu = gpus.get(number);
    if (!hasCode(gpu)) {
      throw refused(
          String.format(
              Locale.ROOT,
              "GPU %d (%s) has compute capability %s, for which the CUDA backend (nd4j-cuda-11.6 %s) has no machine code: use a GPU of 3.7 to 8.9 (Kepler K80 to Ada) or a jar with the CPU backend",
              gpu.index(),
              gpu.name(),
              gpu.computeCapability(),
              VERSION));
    }
    return gpu;
  }

  /** Machine code runs on devices of the same major and the same or a higher minor version. */
  static boolean hasCode(Gpu gpu) {
    return MACHINE_CODE.stream().anyMatch(code -> code[0] == gpu.major() && code[1] <= gpu.minor());
  }

  private static MonaException refused(String sentence) {
    return new MonaException(MonaException.Category.ENVIRONMENT, sentence);
  }
}
