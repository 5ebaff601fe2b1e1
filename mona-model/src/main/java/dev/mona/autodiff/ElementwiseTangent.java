package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;

/** {@code f'(x) u}: inputs x and u. */
final class ElementwiseTangent extends Tangent {
  private final Function function;
  private final Function slope;
  private final Array y;

  /**
   * The tangent of a function.
   *
   * @param slope {@code f'}
   * @param y {@code f(x)}
   */
  ElementwiseTangent(Function function, Function slope, Array y) {
    this.function = function;
    this.slope = slope;
    this.y = y;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().chain(function, inputs[0].value(), y, inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array x = inputs[0].value();
    if (reverse.needs(inputs[0])) {
      Array u = inputs[1].value();
      reverse.kernels().bend(slope, x, u, gradient, reverse.target(inputs[0]));
    }
    if (reverse.needs(inputs[1])) {
      Array out = reverse.room(gradient);
      reverse.kernels().chain(function, x, y, gradient, out);
      reverse.donate(inputs[1], out);
    }
  }
}
