package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.RowIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a matrix in any order and number, zeros where the index is {@link RowIndex#ZERO}:
 * windows, shifts, padding and tables are all this.
 */
final class GatherRows extends Operation {
  private final RowIndex index;

  GatherRows(RowIndex index) {
    this.index = index;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array x = inputs[0].value();
    Array out = arena.take(index.size(), x.size(1));
    arena.kernels().gather(x, index, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0])) {
      reverse.kernels().gatherAdd(gradient, index, reverse.target(inputs[0]));
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).gatherRows(index);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.gatherRows(inputs.get(0), index);
  }
}
