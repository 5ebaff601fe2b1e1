package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consecutive entries of the first axis, without a copy: one of several stacked parameters. */
final class RowRange extends Operation {
  private final long from;
  private final long to;

  RowRange(long from, long to) {
    this.from = from;
    this.to = to;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    return inputs[0].value().slice(from, to);
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0])) {
      Array part = reverse.gradientOrZeros(inputs[0]).slice(from, to);
      reverse.kernels().add(part, gradient, part);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).rowRange(from, to);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> other, List<T> inputs) {
    return other.rowRange(inputs.get(0), from, to);
  }
}
