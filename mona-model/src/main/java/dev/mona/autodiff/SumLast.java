package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sum over the last axis, kept with size 1. */
final class SumLast extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(reduced(inputs[0].shape()));
    arena.kernels().sumLast(inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0])) {
      Array sum = reverse.gradientOrZeros(inputs[0]);
      reverse.kernels().add(sum, gradient, sum);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).sumLast();
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.sumLast(inputs.get(0));
  }
}
