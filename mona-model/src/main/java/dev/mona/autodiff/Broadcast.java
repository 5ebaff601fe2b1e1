package dev.mona.autodiff;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Repeats a variable to a larger shape, by the broadcasting rules of {@link Variable}. */
final class Broadcast extends Operation {
  private final long[] shape;

  private Broadcast(long... shape) {
    this.shape = shape;
  }

  /** {@code variable} in the shape of {@code like}. */
  static Variable to(Variable variable, Variable like) {
    if (Arrays.equals(variable.shape(), like.shape())) {
      return variable;
    }
    return variable.tape().record(new Broadcast(like.shape()), variable);
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(shape);
    out.assign(0);
    Kernels.add(out, inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.addReduced(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return to(Reverse.present(tangents[0]), output);
  }
}
