package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;

/** {@code y (u - sum(y u))} over the last axis: inputs y, the softmax, and u. */
final class SoftmaxTangent extends Tangent {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().softmaxBack(inputs[0].value(), inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array y = inputs[0].value();
    if (reverse.needs(inputs[0])) {
      Array u = inputs[1].value();
      reverse.kernels().softmaxBend(y, u, gradient, reverse.target(inputs[0]));
    }
    if (reverse.needs(inputs[1])) {
      Array out = reverse.room(gradient);
      reverse.kernels().softmaxBack(y, gradient, out);
      reverse.donate(inputs[1], out);
    }
  }
}
