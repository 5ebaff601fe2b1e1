package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import org.jspecify.annotations.Nullable;

/** {@code 1 / sqrt(variance + epsilon)} of the last axis, kept with size 1. */
final class InverseDeviation extends Operation {
  private final double epsilon;

  InverseDeviation(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array x = inputs[0].value();
    Array out = arena.take(reduced(x.shape()));
    arena.kernels().inverseDeviation(x, epsilon, out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    Array x = inputs[0].value();
    Array part = reverse.arena().take(x.shape());
    reverse.kernels().inverseDeviationBack(x, output.value(), gradient, part);
    reverse.add(inputs[0], part);
    reverse.arena().release(part);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = inputs[0];
    Variable centered = x.subtract(x.meanLast());
    Variable mean = centered.multiply(Reverse.present(tangents[0])).meanLast();
    return output.power(3).multiply(mean).scale(-1);
  }
}
