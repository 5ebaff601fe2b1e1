package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code x + amount}. */
final class Shift extends Operation {
  private final double amount;

  Shift(double amount) {
    this.amount = amount;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().shift(inputs[0].value(), amount, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]);
  }

  @Override
  boolean linear() {
    return true;
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.shift(inputs.get(0), amount);
  }
}
