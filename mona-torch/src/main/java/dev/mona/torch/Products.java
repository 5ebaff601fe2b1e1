package dev.mona.torch;

import dev.mona.compute.Arena;
import dev.mona.compute.Precision;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Products of matrices. In bfloat16 the factors are the rounded copies that their arrays keep, and
 * sums are in float; a CPU rounds each element of a product once more when it stores it. Tokens by
 * head are copied, as libtorch has no product for their strides: rounding copies them anyway.
 */
final class Products {
  private final TorchDevice device;
  private final Arena arena;
  private final boolean rounds;
  private final boolean direct;
  private final List<TorchArray> taken = new ArrayList<>();

  Products(TorchDevice device, Arena arena) {
    this.device = device;
    this.arena = arena;
    rounds = device.precision() == Precision.BF16;
    direct = !rounds || device.place().writesFloats();
  }

  /** {@code out = factor op(a) op(b)}, or added to it. */
  void multiply(Matrices a, boolean transA, Matrices b, boolean transB, Sum out) {
    Tensor left = factor(a, transA);
    Tensor right = factor(b, transB);
    Matrices target = out.target();
    target.array().written();
    if (direct && !target.strided()) {
      run(left, right, target.tensor(), out);
    } else {
      store(product(left, right, out), out);
    }
    release();
  }

  /**
   * Where a product goes.
   *
   * @param target what is written
   * @param factor the product is multiplied by
   * @param add whether it is added to what is there
   */
  record Sum(Matrices target, double factor, boolean add) {}

  /** {@code out = x w^T + bias}. */
  void linear(TorchArray x, TorchArray weight, TorchArray bias, TorchArray out) {
    Tensor left = factor(Matrices.of(x), false);
    Tensor right = factor(Matrices.of(weight), true);
    Tensor target = out.written().tensor();
    if (!direct) {
      Matrices result = Matrices.of(out);
      Memory product = product(left, right, new Sum(result, 1, false));
      inBlocks(result, part -> widenAndAdd(product, bias.flat(), part));
    } else if (rounds) {
      device.called(
          torch.addmm_out(
              target, bias.flat(), left, right, ScalarType.Float, Constants.ONE, Constants.ONE));
    } else {
      device.called(
          torch.addmm_out(target, bias.flat(), left, right, Constants.ONE, Constants.ONE));
    }
    release();
  }

  private Tensor factor(Matrices matrices, boolean transposed) {
    TorchArray array = matrices.array();
    Layout shape = matrices.contiguous(transposed);
    if (rounds) {
      return array.rounded(matrices.source()).tensor(shape);
    }
    if (!matrices.strided()) {
      return array.tensor(shape.from(array.layout().offset()));
    }
    TorchArray copy = take(matrices.length());
    copy.tensor(matrices.copy()).copy_(array.tensor(matrices.layout()));
    device.called();
    return copy.tensor(shape);
  }

  /** A product in memory of its own, in the type of its factors. */
  private Memory product(Tensor left, Tensor right, Sum out) {
    Matrices target = out.target();
    TorchArray scratch = take(target.length());
    Memory memory = direct ? scratch.memory() : scratch.memory(ScalarType.BFloat16);
    run(left, right, memory.tensor(target.contiguous(false)), new Sum(target, out.factor(), false));
    return memory;
  }

  /** Puts a product where it belongs. */
  private void store(Memory product, Sum out) {
    Matrices matrices = out.target();
    Tensor target = matrices.array().tensor(matrices.layout());
    Tensor result = product.tensor(matrices.copy());
    if (!out.add()) {
      target.copy_(result);
      device.called();
    } else if (direct) {
      device.called(torch.add_out(target, target, result, Constants.ONE));
    } else if (matrices.strided()) {
      Tensor floats = take(matrices.length()).tensor(matrices.copy());
      floats.copy_(result);
      device.called();
      device.called(torch.add_out(target, target, floats, Constants.ONE));
    } else {
      // a sum of two types would convert in memory of its own
      TorchArray scratch = take(Math.min(matrices.length(), resident(matrices)));
      inBlocks(matrices, part -> addWidened(product, scratch, part));
    }
  }

  private long resident(Matrices matrices) {
    return Math.max(matrices.columns(), Math.min(device.place().resident(), matrices.length()));
  }

  /** Rows of a result. */
  private record Part(Tensor target, Layout within) {}

  private interface Body {
    void accept(Part part);
  }

  private void inBlocks(Matrices matrices, Body body) {
    long width = matrices.columns();
    long rows = width == 0 ? 0 : matrices.length() / width;
    long block = width == 0 ? 1 : resident(matrices) / width;
    long offset = matrices.layout().offset();
    for (long from = 0; from < rows; from += block) {
      Layout within = Layout.rowMajor(from * width, Math.min(block, rows - from), width);
      body.accept(new Part(matrices.array().tensor(within.from(offset + from * width)), within));
    }
  }

  /** {@code target = product + bias} in float. */
  private void widenAndAdd(Memory product, Tensor bias, Part part) {
    part.target().copy_(product.tensor(part.within()));
    device.called();
    device.called(torch.add_out(part.target(), part.target(), bias, Constants.ONE));
  }

  /** {@code target = target + product} in float. */
  private void addWidened(Memory product, TorchArray scratch, Part part) {
    Tensor floats = scratch.tensor(part.within().from(0));
    floats.copy_(product.tensor(part.within()));
    device.called();
    device.called(torch.add_out(part.target(), part.target(), floats, Constants.ONE));
  }

  /** The product into a tensor of matrices that lie one after the other. */
  private void run(Tensor left, Tensor right, Tensor result, Sum out) {
    boolean one = out.target().count() == 1;
    if (!out.add() && out.factor() == 1 && !(rounds && direct)) {
      device.called(one ? torch.mm_out(result, left, right) : torch.bmm_out(result, left, right));
      return;
    }
    Scalar alpha = device.constants().scalar(out.factor());
    Scalar beta = out.add() ? Constants.ONE : Constants.ZERO;
    if (rounds && direct) {
      device.called(
          one
              ? torch.addmm_out(result, result, left, right, ScalarType.Float, beta, alpha)
              : torch.baddbmm_out(result, result, left, right, ScalarType.Float, beta, alpha));
    } else {
      device.called(
          one
              ? torch.addmm_out(result, result, left, right, beta, alpha)
              : torch.baddbmm_out(result, result, left, right, beta, alpha));
    }
  }

  /** Memory until the end of a product. */
  private TorchArray take(long n) {
    TorchArray scratch = TorchArray.of(arena.take(n).root()).written();
    taken.add(scratch);
    return scratch;
  }

  private void release() {
    taken.forEach(arena::release);
    taken.clear();
  }
}
