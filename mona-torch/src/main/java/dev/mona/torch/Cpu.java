package dev.mona.torch;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** This process's memory. Everything is done when a call returns. */
final class Cpu implements Place {
  private static final String LIMIT = "org.bytedeco.javacpp.maxbytes";

  /** Elements of a vector that stay in a core's cache with their copies in double. */
  private static final long BLOCK = 1 << 18;

  /** Elements of a few arrays that stay in a core's cache from one call to the next. */
  private static final long RESIDENT = 1 << 17;

  /** Elements beyond which several cores gain nothing by fewer calls. */
  private static final long SHARED = 1 << 23;

  /** Values that are converted at a time. */
  private static final int PART = 1 << 14;

  private final int threads = Libtorch.threads();
  private final long limit;

  /** With the limit of {@code org.bytedeco.javacpp.maxbytes}, if that is set. */
  Cpu() {
    this(System.getProperty(LIMIT) == null ? 0 : Math.max(0, Pointer.maxBytes()));
  }

  /**
   * With a limit.
   *
   * @param limit bytes of arrays; 0 for none
   */
  Cpu(long limit) {
    this.limit = limit;
  }

  @Override
  public String words() {
    return "the CPU, products by " + Libtorch.products();
  }

  @Override
  public boolean writesFloats() {
    return false;
  }

  @Override
  public long block() {
    return BLOCK;
  }

  /** Several threads meet at the end of each call, which costs them more than the cache saves. */
  @Override
  public long resident() {
    return torch.get_num_threads() == 1 ? RESIDENT : SHARED;
  }

  @Override
  public long summed() {
    return RESIDENT;
  }

  @Override
  public boolean onHost() {
    return true;
  }

  @Override
  public Tensor empty(ScalarType type, long n) {
    return HostPart.empty(type, n);
  }

  @Override
  public void bind(int count) {
    int wanted = count > 0 ? count : threads;
    if (torch.get_num_threads() != wanted) {
      torch.set_num_threads(wanted);
    }
  }

  @Override
  public void await() {}

  @Override
  public void awaitAll() {}

  @Override
  public void upload(float[] from, int at, TorchArray to) {
    write(from, at, to.flat());
  }

  @Override
  public void upload(long[] from, Tensor to) {
    to.data_ptr_long().put(from, 0, from.length);
  }

  @Override
  public void download(TorchArray from, float[] to, int at) {
    read(from.flat(), to, at);
  }

  /** Fills a tensor in this process's memory. */
  static void write(float[] from, int at, Tensor to) {
    int n = Math.toIntExact(to.numel());
    if (to.scalar_type().intern() == ScalarType.Float) {
      to.data_ptr_float().put(from, at, n);
      return;
    }
    DoublePointer doubles = to.data_ptr_double();
    double[] part = new double[Math.min(n, PART)];
    for (int done = 0; done < n; done += PART) {
      int count = Math.min(PART, n - done);
      for (int i = 0; i < count; i++) {
        part[i] = from[at + done + i];
      }
      doubles.position(done).put(part, 0, count);
    }
  }

  /** Reads a tensor in this process's memory. */
  static void read(Tensor from, float[] to, int at) {
    int n = Math.toIntExact(from.numel());
    if (from.scalar_type().intern() == ScalarType.Float) {
      from.data_ptr_float().get(to, at, n);
      return;
    }
    DoublePointer doubles = from.data_ptr_double();
    double[] part = new double[Math.min(n, PART)];
    for (int done = 0; done < n; done += PART) {
      int count = Math.min(PART, n - done);
      doubles.position(done).get(part, 0, count);
      for (int i = 0; i < count; i++) {
        to[at + done + i] = (float) part[i];
      }
    }
  }

  @Override
  public long totalBytes() {
    return limit;
  }
}
