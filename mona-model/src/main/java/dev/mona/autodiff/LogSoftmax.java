package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Logarithm of the softmax over the last axis. */
final class LogSoftmax extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    Kernels.logSoftmax(inputs[0].value(), out, arena);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    INDArray probabilities = arena.take(output.shape());
    Kernels.softmax(inputs[0].value(), probabilities);
    INDArray sums = arena.take(Softmax.reduced(output.shape()));
    Kernels.sumLast(gradient, sums, arena);
    Kernels.multiply(probabilities, sums, probabilities);
    gradient.subi(probabilities);
    arena.release(sums);
    arena.release(probabilities);
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    return x.subtract(output.exp().multiply(x).sumLast());
  }
}
