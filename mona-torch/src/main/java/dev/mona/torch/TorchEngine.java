package dev.mona.torch;

import dev.mona.MonaException;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engine;
import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import dev.mona.compute.Processor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libtorch with the natives on the class path: for the CPU, or for NVIDIA GPUs. */
public final class TorchEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(TorchEngine.class);

  /** Compute capabilities that the build for GPUs has machine code for; it has no PTX. */
  private static final List<int[]> MACHINE_CODE =
      List.of(
          new int[] {7, 5},
          new int[] {8, 0},
          new int[] {9, 0},
          new int[] {10, 0},
          new int[] {12, 0});

  /** Shared by all learners of this JVM. */
  private static final Map<DeviceSpec, TorchDevice> OPEN = new ConcurrentHashMap<>();

  private final Map<DeviceSpec, TorchDevice> open;
  private final boolean gpu;
  private final Supplier<List<Gpu>> driver;
  private final Supplier<Processor> processor;

  /** With the natives on the class path. */
  public TorchEngine() {
    this(OPEN, Libtorch.gpu(), () -> CudaRuntime.gpus(), Processor::here);
  }

  /**
   * With given natives.
   *
   * @param open devices that are open
   * @param gpu whether they compute on GPUs
   * @param driver says which GPUs there are; asked only where they do
   * @param processor what this machine's can do
   */
  TorchEngine(
      Map<DeviceSpec, TorchDevice> open,
      boolean gpu,
      Supplier<List<Gpu>> driver,
      Supplier<Processor> processor) {
    this.open = open;
    this.gpu = gpu;
    this.driver = driver;
    this.processor = processor;
  }

  @Override
  public String name() {
    return "torch";
  }

  @Override
  public String library() {
    return "libtorch " + Libtorch.VERSION + (gpu ? " for CUDA 13" : " for the CPU");
  }

  @Override
  public boolean gpu() {
    return gpu;
  }

  @Override
  public List<Gpu> gpus() {
    return gpu ? driver.get() : List.of();
  }

  @Override
  public Device open(DeviceSpec spec) {
    if (spec.type() == ElementType.DOUBLE && spec.precision() != Precision.FLOAT32) {
      throw refused(
          "products of doubles are not rounded to "
              + spec.precision().id()
              + ": use float32, which leaves them as they are");
    }
    return open.computeIfAbsent(spec, this::start);
  }

  private TorchDevice start(DeviceSpec spec) {
    Place place = gpu ? new Cuda(usable(spec), spec.precision()) : cpu(spec);
    TorchDevice device = new TorchDevice(spec, place);
    log.info("event=device engine=torch device=\"{}\"", device.describe());
    return device;
  }

  private Cpu cpu(DeviceSpec spec) {
    if (spec.number() != 0) {
      throw refused(
          "there is no GPU "
              + spec.number()
              + ": this build of libtorch computes on the CPU; use a jar that was built with the"
              + " profile torch-cuda");
    }
    if (spec.precision() == Precision.TF32) {
      throw refused(
          "tf32 is a precision of GPUs of compute capability 8.0 and newer and libtorch computes on"
              + " the CPU: use float32 or bf16");
    }
    if (spec.precision() == Precision.BF16 && !processor.get().bfloat16()) {
      throw refused(
          "this processor has no instructions for bf16 (neither avx512_bf16 nor amx_bf16 is among"
              + " its flags): use float32");
    }
    return new Cpu();
  }

  private Gpu usable(DeviceSpec spec) {
    List<Gpu> gpus = gpus();
    if (gpus.isEmpty()) {
      throw refused(
          "libtorch is built for GPUs but this process sees none: give the container one, check"
              + " CUDA_VISIBLE_DEVICES, or use a jar that was built with the profile torch");
    }
    if (spec.number() < 0 || spec.number() >= gpus.size()) {
      throw refused(
          "there is no GPU "
              + spec.number()
              + ": this process sees "
              + gpus.size()
              + ", numbered from 0 on");
    }
    Gpu gpu = gpus.get(spec.number());
    if (!hasCode(gpu)) {
      throw refused(
          String.format(
              Locale.ROOT,
              "GPU %d (%s) has compute capability %s, for which libtorch %s has no machine code:"
                  + " use a GPU of 7.5, 8.x, 9.x, 10.x or 12.x",
              gpu.index(),
              gpu.name(),
              gpu.computeCapability(),
              Libtorch.VERSION));
    }
    if (spec.precision() != Precision.FLOAT32 && !gpu.roundsFactors()) {
      throw refused(
          String.format(
              Locale.ROOT,
              "GPU %d (%s) has compute capability %s and computes no products in %s, which begins"
                  + " with 8.0: use float32",
              gpu.index(),
              gpu.name(),
              gpu.computeCapability(),
              spec.precision().id()));
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
