package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same elements in another shape, without a copy. */
final class Reshape extends Operation {
  private final long[] shape;

  Reshape(long... shape) {
    this.shape = shape.clone();
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    return inputs[0].value().reshape(shape);
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.donate(inputs[0], gradient.reshape(inputs[0].shape()));
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).reshape(shape);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.reshape(inputs.get(0), shape);
  }
}
