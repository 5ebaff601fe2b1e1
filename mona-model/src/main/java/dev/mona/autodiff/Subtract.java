package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code a - b}, with broadcasting of b. */
final class Subtract extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().subtract(inputs[0].value(), inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.add(inputs[0], gradient);
    if (reverse.needs(inputs[1])) {
      reverse.kernels().scale(gradient, -1, gradient);
      reverse.addReduced(inputs[1], gradient);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable a = tangents[0];
    Variable b = tangents[1];
    if (a == null) {
      return Broadcast.to(Reverse.present(b), output).scale(-1);
    }
    return b == null ? a : a.subtract(b);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.subtract(inputs.get(0), inputs.get(1));
  }
}
