package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code a - b}, with broadcasting of b. */
final class Subtract extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    Kernels.subtract(inputs[0].value(), inputs[1].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    reverse.add(inputs[0], gradient);
    if (reverse.needs(inputs[1])) {
      gradient.negi();
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
}
