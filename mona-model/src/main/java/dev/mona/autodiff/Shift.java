package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code x + amount}. */
final class Shift extends Operation {
  private final double amount;

  Shift(double amount) {
    this.amount = amount;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    return inputs[0].value().addi(amount, arena.take(inputs[0].shape()));
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]);
  }
}
