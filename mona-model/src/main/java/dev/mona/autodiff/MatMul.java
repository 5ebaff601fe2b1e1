package dev.mona.autodiff;

import dev.mona.compute.Array;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;

/**
 * {@code op(a) op(b)} over the last two axes, op being the identity or the transpose; the sum of
 * several; with a bias {@code x W^T + b}: {@code [N, I]}, {@code [O, I]}, {@code [O]} to {@code [N,
 * O]}.
 */
final class MatMul extends SumOfProducts {
  private final boolean transA;
  private final boolean transB;

  MatMul(boolean transA, boolean transB) {
    this.transA = transA;
    this.transB = transB;
  }

  @Override
  long[] shape(Variable a, Variable b) {
    long[] shape = a.shape();
    int rank = shape.length;
    shape[rank - 2] = a.value().size(transA ? rank - 1 : rank - 2);
    shape[rank - 1] = b.value().size(transB ? rank - 2 : rank - 1);
    return shape;
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Target out) {
    kernels.matmul(a, b, out, transA, transB);
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Array bias, Array out) {
    kernels.linear(a, b, bias, out);
  }

  @Override
  void backward(Reverse reverse, Array gradient, Variable a, Variable b) {
    if (transA) {
      reverse.addProduct(a, b.value(), gradient, transB, true);
    } else {
      reverse.addProduct(a, gradient, b.value(), false, !transB);
    }
    if (transB) {
      reverse.addProduct(b, gradient, a.value(), true, transA);
    } else {
      reverse.addProduct(b, a.value(), gradient, !transA, false);
    }
  }

  @Override
  <T> T product(Replay<T> to, T a, T b) {
    return to.matmul(a, b, transA, transB);
  }
}
