package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logarithm of the softmax over the last axis. */
final class LogSoftmax extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().logSoftmax(inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array out = reverse.room(gradient);
    reverse.kernels().logSoftmaxBack(inputs[0].value(), output.value(), gradient, out);
    reverse.donate(inputs[0], out);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    return x.subtract(output.exp().multiply(x).sumLast());
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.logSoftmax(inputs.get(0));
  }
}
