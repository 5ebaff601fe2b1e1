package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Last axis to mean 0 and variance 1: {@code (x - mean) / sqrt(variance + epsilon)}. Layer
 * normalisation is this, times a gain, plus a bias.
 */
final class Normalize extends Operation {
  private final double epsilon;
  private @Nullable Array inverse;

  Normalize(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    Array scale = arena.take(reduced(inputs[0].shape()));
    arena.kernels().normalize(inputs[0].value(), epsilon, out, scale);
    inverse = scale;
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.kernels().normalizeBack(output.value(), Objects.requireNonNull(inverse), gradient);
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    Variable centered = x.subtract(x.meanLast());
    Variable along = output.multiply(output.multiply(x).meanLast());
    return centered.subtract(along).multiply(inputs[0].inverseDeviation(epsilon));
  }
}
