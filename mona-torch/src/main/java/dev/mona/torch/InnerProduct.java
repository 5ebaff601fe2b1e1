package dev.mona.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Sums of products in double. Blocks of the vectors are converted and multiplied; each row of a
 * block is summed by one thread, then the sums of the rows are, row by row again. So the order
 * depends on the length alone, and once a length was seen nothing is allocated but the result.
 */
final class InnerProduct {
  /** Elements of a row: fewer than libtorch would share among threads. */
  private static final long ROW = 1 << 12;

  private static final long[] LAST = {-1};

  private final TorchDevice device;
  private final ThreadLocal<Scratch> scratch;

  InnerProduct(TorchDevice device) {
    this.device = device;
    scratch = ThreadLocal.withInitial(() -> new Scratch(device));
  }

  /** Memory of a thread, in double. */
  private static final class Scratch {
    private final TorchDevice device;
    private final TorchArray x;
    private final TorchArray y;
    private TorchArray sums;
    private TorchArray more;

    Scratch(TorchDevice device) {
      this.device = device;
      x = doubles(device.place().block());
      y = doubles(device.place().block());
      sums = doubles(ROW);
      more = doubles(ROW);
    }

    private TorchArray doubles(long n) {
      return TorchArray.root(device, device.memory(ScalarType.Double, Double.BYTES, n), n);
    }

    void forSums(long n) {
      if (sums.length() < n) {
        sums.close();
        more.close();
        sums = doubles(n);
        more = doubles(n);
      }
    }
  }

  TorchScalar of(TorchArray x, TorchArray y) {
    Libtorch.enter();
    Scratch memory = scratch.get();
    long n = x.length();
    long rows = rows(n);
    memory.forSums(rows);
    long block = device.place().block();
    for (long at = 0; at < n; at += block) {
      long count = Math.min(block, n - at);
      multiply(memory, part(x, at, count), x == y ? null : part(y, at, count));
      sumRows(memory.x, count, memory.sums, at / ROW);
    }
    TorchArray from = memory.sums;
    TorchArray to = memory.more;
    while (rows > ROW) {
      sumRows(from, rows, to, 0);
      rows = rows(rows);
      TorchArray swap = from;
      from = to;
      to = swap;
    }
    TorchScalar sum = TorchScalar.empty(device);
    sum(sum.tensor(), from.tensor(Layout.rowMajor(0, rows)));
    return sum;
  }

  private static long rows(long n) {
    return (n + ROW - 1) / ROW;
  }

  private static Tensor part(TorchArray array, long at, long count) {
    return array.tensor(Layout.rowMajor(array.layout().offset() + at, count));
  }

  /** Products of elements, squares where there is no y. */
  private void multiply(Scratch memory, Tensor x, @Nullable Tensor y) {
    long n = x.numel();
    Tensor product = memory.x.tensor(Layout.rowMajor(0, n));
    product.copy_(x);
    device.called();
    Tensor other = product;
    if (y != null) {
      other = memory.y.tensor(Layout.rowMajor(0, n));
      other.copy_(y);
      device.called();
    }
    device.called(torch.mul_out(product, product, other));
  }

  /** The sum of each row of the first {@code n} elements, the last of which may be shorter. */
  private void sumRows(TorchArray from, long n, TorchArray to, long at) {
    long full = n / ROW;
    if (full > 0) {
      sum(to.tensor(Layout.rowMajor(at, full)), from.tensor(Layout.rowMajor(0, full, ROW)));
    }
    if (n % ROW > 0) {
      sum(to.tensor(Layout.rowMajor(at + full)), from.tensor(Layout.rowMajor(full * ROW, n % ROW)));
    }
  }

  private void sum(Tensor out, Tensor rows) {
    device.called(torch.sum_out(out, rows, LAST, false, Constants.SAME_TYPE));
  }
}
