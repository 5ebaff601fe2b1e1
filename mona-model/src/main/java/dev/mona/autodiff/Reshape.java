package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The same elements in another shape, without a copy. */
final class Reshape extends Operation {
  private final long[] shape;

  Reshape(long... shape) {
    this.shape = shape.clone();
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    return arena.reshape(inputs[0].value(), shape);
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.donate(inputs[0], reverse.arena().reshape(gradient, inputs[0].shape()));
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).reshape(shape);
  }
}
