package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
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
    Array out = reverse.room(gradient);
    reverse.kernels().normalizeBack(output.value(), inverse(), gradient, out);
    reverse.donate(inputs[0], out);
  }

  private Array inverse() {
    return Objects.requireNonNull(inverse);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    NormalizeTangent tangent = new NormalizeTangent(output.value(), inverse());
    return output.tape().record(tangent, inputs[0], Reverse.present(tangents[0]));
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.normalize(inputs.get(0), epsilon);
  }
}
