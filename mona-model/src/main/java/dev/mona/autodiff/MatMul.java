package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Target;
import org.jspecify.annotations.Nullable;

/** {@code op(a) op(b)} over the last two axes, op being the identity or the transpose. */
final class MatMul extends Operation {
  private final boolean transA;
  private final boolean transB;

  MatMul(boolean transA, boolean transB) {
    this.transA = transA;
    this.transB = transB;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array a = inputs[0].value();
    Array b = inputs[1].value();
    long[] shape = a.shape();
    int rank = shape.length;
    shape[rank - 2] = a.size(transA ? rank - 1 : rank - 2);
    shape[rank - 1] = b.size(transB ? rank - 2 : rank - 1);
    Array out = arena.take(shape);
    arena.kernels().matmul(a, b, new Target(out, false), transA, transB);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array a = inputs[0].value();
    Array b = inputs[1].value();
    if (transA) {
      reverse.addProduct(inputs[0], b, gradient, transB, true);
    } else {
      reverse.addProduct(inputs[0], gradient, b, false, !transB);
    }
    if (transB) {
      reverse.addProduct(inputs[1], gradient, a, true, transA);
    } else {
      reverse.addProduct(inputs[1], a, gradient, !transA, false);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable a = tangents[0];
    Variable b = tangents[1];
    Variable left = a == null ? null : a.matmul(inputs[1], transA, transB);
    Variable right = b == null ? null : inputs[0].matmul(b, transA, transB);
    return Reverse.present(Variable.plus(left, right));
  }
}
