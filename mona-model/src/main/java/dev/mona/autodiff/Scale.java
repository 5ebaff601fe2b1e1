package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code factor * x}. */
final class Scale extends Operation {
  private final double factor;

  Scale(double factor) {
    this.factor = factor;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    return inputs[0].value().muli(factor, arena.take(inputs[0].shape()));
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.donate(inputs[0], gradient.muli(factor));
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).scale(factor);
  }
}
