package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sum over the last axis, kept with size 1. */
final class SumLast extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray out = arena.take(Softmax.reduced(x.shape()));
    Kernels.sumLast(x, out, arena);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    INDArray sum = reverse.gradientOrZeros(inputs[0]);
    Kernels.add(sum, gradient, sum);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).sumLast();
  }
}
