package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import org.jspecify.annotations.Nullable;

/** {@code a * b}, element by element, with broadcasting of b. */
final class Multiply extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().multiply(inputs[0].value(), inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[1])) {
      Array product = reverse.arena().take(gradient.shape());
      reverse.kernels().multiply(gradient, inputs[0].value(), product);
      reverse.addReduced(inputs[1], product);
      reverse.arena().release(product);
    }
    if (reverse.needs(inputs[0])) {
      reverse.kernels().multiply(gradient, inputs[1].value(), gradient);
      reverse.donate(inputs[0], gradient);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable a = tangents[0];
    Variable b = tangents[1];
    Variable left = a == null ? null : a.multiply(inputs[1]);
    Variable right = b == null ? null : inputs[0].multiply(b);
    return Reverse.present(Variable.plus(left, right));
  }
}
