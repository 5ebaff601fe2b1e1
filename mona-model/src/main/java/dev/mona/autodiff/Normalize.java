package dev.mona.autodiff;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Last axis to mean 0 and variance 1: {@code (x - mean) / sqrt(variance + epsilon)}. Layer
 * normalisation is this, times a gain, plus a bias.
 */
final class Normalize extends Operation {
  private final double epsilon;
  private @Nullable INDArray inverse;

  Normalize(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    INDArray scale = arena.take(Softmax.reduced(inputs[0].shape()));
    center(inputs[0].value(), out, scale, arena);
    InverseDeviation.of(out, epsilon, scale, arena);
    Kernels.multiply(out, scale, out);
    inverse = scale;
    return out;
  }

  /** {@code out = x - mean(x)}; {@code row} is overwritten. */
  static void center(INDArray x, INDArray out, INDArray row, Arena arena) {
    Kernels.meanLast(x, row, arena);
    Kernels.subtract(x, row, out);
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    INDArray y = output.value();
    INDArray row = arena.take(Softmax.reduced(y.shape()));
    INDArray part = arena.take(y.shape());
    gradient.muli(y, part);
    Kernels.meanLast(part, row, arena);
    Kernels.multiply(y, row, part);
    Kernels.meanLast(gradient, row, arena);
    Kernels.subtract(gradient, row, gradient);
    gradient.subi(part);
    Kernels.multiply(gradient, Objects.requireNonNull(inverse), gradient);
    arena.release(part);
    arena.release(row);
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    Variable centered = x.subtract(x.meanLast());
    Variable along = output.multiply(output.multiply(x).meanLast());
    return centered.subtract(along).multiply(inputs[0].inverseDeviation(epsilon));
  }
}
