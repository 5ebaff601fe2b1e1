package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;

/** {@code inverse (u - mean(u) - y mean(y u))} over the last axis: inputs x and u. */
final class NormalizeTangent extends Tangent {
  private final Array y;
  private final Array inverse;

  /**
   * The tangent of a normalisation.
   *
   * @param y x with mean 0 and variance 1
   * @param inverse of the deviation of x
   */
  NormalizeTangent(Array y, Array inverse) {
    this.y = y;
    this.inverse = inverse;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().normalizeBack(y, inverse, inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0])) {
      Array u = inputs[1].value();
      reverse.kernels().normalizeBend(y, inverse, u, gradient, reverse.target(inputs[0]));
    }
    if (reverse.needs(inputs[1])) {
      Array out = reverse.room(gradient);
      reverse.kernels().normalizeBack(y, inverse, gradient, out);
      reverse.donate(inputs[1], out);
    }
  }
}
