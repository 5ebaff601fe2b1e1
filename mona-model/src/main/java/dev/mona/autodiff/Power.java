package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code x ^ exponent} for values {@code > 0}. */
final class Power extends Operation {
  private final double exponent;

  Power(double exponent) {
    this.exponent = exponent;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().power(inputs[0].value(), exponent, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array slope = reverse.arena().take(gradient.shape());
    reverse.kernels().power(inputs[0].value(), exponent - 1, slope);
    reverse.kernels().scale(slope, exponent, slope);
    reverse.addElements(inputs[0], gradient, slope);
    reverse.arena().release(slope);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable slope = inputs[0].power(exponent - 1).scale(exponent);
    return slope.multiply(Reverse.present(tangents[0]));
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.power(inputs.get(0), exponent);
  }
}
