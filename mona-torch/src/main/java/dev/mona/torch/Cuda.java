package dev.mona.torch;

import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import java.util.Locale;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.cuda.CUDAStream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * A GPU. Each thread has a queue of its own; calls return before they are done. Same bits on
 * repeat: no kernel that is called adds atomically, and libtorch gives cuBLAS a workspace for each
 * queue.
 */
final class Cuda implements Place {
  /** Elements of a vector whose copies in double take 64 MB. */
  private static final long BLOCK = 1 << 22;

  /** What cuBLAS needs to say itself that its bits are the same, and libtorch then insists on. */
  private static final String WORKSPACES = "CUBLAS_WORKSPACE_CONFIG";

  private final Gpu gpu;
  private final byte index;
  private final ThreadLocal<CUDAStream> queue;

  Cuda(Gpu gpu, Precision precision) {
    this.gpu = gpu;
    index = (byte) gpu.index();
    Libtorch.load(torch_cuda.class);
    Context context = torch.globalContext();
    context.setAllowTF32CuBLAS(precision == Precision.TF32);
    context.setAllowTF32CuDNN(precision == Precision.TF32);
    context.setAllowBF16ReductionCuBLAS(false);
    context.setDeterministicFillUninitializedMemory(false);
    context.setDeterministicAlgorithms(System.getenv(WORKSPACES) != null, false);
    queue = ThreadLocal.withInitial(() -> torch_cuda.getStreamFromPool(false, index));
  }

  @Override
  public String words() {
    return String.format(
        Locale.ROOT, "GPU %d (%s, %s)", gpu.index(), gpu.name(), gpu.computeCapability());
  }

  @Override
  public boolean writesFloats() {
    return true;
  }

  @Override
  public long block() {
    return BLOCK;
  }

  /** All: calls cost more than memory. */
  @Override
  public long resident() {
    return Long.MAX_VALUE;
  }

  @Override
  public long summed() {
    return resident();
  }

  @Override
  public boolean onHost() {
    return false;
  }

  @Override
  public Tensor empty(ScalarType type, long n) {
    try (org.bytedeco.pytorch.Device device =
        new org.bytedeco.pytorch.Device(DeviceType.CUDA, index)) {
      return torch.empty(
          new long[] {n},
          new ScalarTypeOptional(type),
          new LayoutOptional(),
          new DeviceOptional(device),
          new BoolOptional(),
          new MemoryFormatOptional());
    }
  }

  @Override
  public void bind(int threads) {
    torch_cuda.set_device(index);
    torch_cuda.setCurrentCUDAStream(queue.get());
    if (threads > 0) {
      torch.set_num_threads(threads);
    }
  }

  @Override
  public void await() {
    torch_cuda.getCurrentCUDAStream(index).synchronize();
  }

  @Override
  public void awaitAll() {
    torch_cuda.set_device(index);
    torch_cuda.device_synchronize();
  }

  @Override
  public void upload(float[] from, int at, TorchArray to) {
    Tensor there = to.flat();
    try (Tensor here = onHost(there)) {
      Cpu.write(from, at, here);
      // CUDA has read memory that is not pinned when the call returns
      there.copy_(here, true);
    }
  }

  @Override
  public void upload(long[] from, Tensor to) {
    try (Tensor here = onHost(to)) {
      here.data_ptr_long().put(from, 0, from.length);
      to.copy_(here, true);
    }
  }

  private static Tensor onHost(Tensor like) {
    return torch.empty(
        new long[] {like.numel()},
        new ScalarTypeOptional(like.scalar_type()),
        new LayoutOptional(),
        new DeviceOptional(),
        new BoolOptional(),
        new MemoryFormatOptional());
  }

  @Override
  public void download(TorchArray from, float[] to, int at) {
    try (Tensor here = from.flat().cpu()) {
      Cpu.read(here, to, at);
    }
  }

  @Override
  public long totalBytes() {
    return gpu.memory();
  }
}
