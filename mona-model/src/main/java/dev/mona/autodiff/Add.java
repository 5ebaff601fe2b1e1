package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code a + b}, with broadcasting of b. */
final class Add extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    Kernels.add(inputs[0].value(), inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.addReduced(inputs[1], gradient);
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable a = tangents[0];
    Variable b = tangents[1];
    if (a == null) {
      return Broadcast.to(Reverse.present(b), output);
    }
    return b == null ? a : a.add(b);
  }
}
