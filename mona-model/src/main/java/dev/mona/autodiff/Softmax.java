package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Softmax over the last axis. */
final class Softmax extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().softmax(inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array out = reverse.room(gradient);
    reverse.kernels().softmaxBack(output.value(), gradient, out);
    reverse.donate(inputs[0], out);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return output.tape().record(new SoftmaxTangent(), output, Reverse.present(tangents[0]));
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.softmax(inputs.get(0));
  }
}
