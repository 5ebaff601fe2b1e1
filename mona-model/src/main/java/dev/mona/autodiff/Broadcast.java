package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(shape);
    arena.kernels().fill(out, 0);
    arena.kernels().add(out, inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.addReduced(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return to(Reverse.present(tangents[0]), output);
  }

  @Override
  boolean linear() {
    return true;
  }
}
