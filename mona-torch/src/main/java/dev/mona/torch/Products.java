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
      Sum sum = new Sum(Matrices.of(out), 1, false);
      store(product(left, right, sum), sum);
      device.called(torch.add_out(target, target, bias.flat(), Constants.ONE));
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
      return;
    }
    if (!direct) {
      // a sum of two types would convert in memory of its own
      Tensor floats = take(matrices.length()).tensor(matrices.copy());
      floats.copy_(result);
      device.called();
      result = floats;
    }
    device.called(torch.add_out(target, target, result, Constants.ONE));
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
