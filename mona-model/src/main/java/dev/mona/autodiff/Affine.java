package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Target;
import org.jspecify.annotations.Nullable;

/** {@code x * gain + bias}: {@code [N, W]}, {@code [W]}, {@code [W]} to {@code [N, W]}. */
final class Affine extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().affine(inputs[0].value(), inputs[1].value(), inputs[2].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    if (reverse.needs(inputs[0]) && reverse.needs(inputs[1]) && reverse.needs(inputs[2])) {
      Target gains = reverse.target(inputs[1]);
      Target biases = reverse.target(inputs[2]);
      reverse.kernels().affineBack(inputs[0].value(), inputs[1].value(), gradient, gains, biases);
      reverse.donate(inputs[0], gradient);
    } else {
      some(reverse, gradient, inputs);
    }
  }

  /** Where not all three gradients are wanted. */
  private static void some(Reverse reverse, Array gradient, Variable... inputs) {
    reverse.addReduced(inputs[2], gradient);
    if (reverse.needs(inputs[1])) {
      Array product = reverse.arena().take(gradient.shape());
      reverse.kernels().multiply(gradient, inputs[0].value(), product);
      reverse.addReduced(inputs[1], product);
      reverse.arena().release(product);
    }
    if (reverse.needs(inputs[0])) {
      reverse.kernels().multiply(gradient, inputs[1].value(), gradient);
      reverse.donate(inputs[0], gradient);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = tangents[0];
    Variable gain = tangents[1];
    Variable bias = tangents[2];
    Variable sum = x == null ? null : x.multiply(inputs[1]);
    if (gain != null && bias != null) {
      return Reverse.present(Variable.plus(sum, inputs[0].affine(gain, bias)));
    }
    if (gain != null) {
      sum = Variable.plus(sum, inputs[0].multiply(gain));
    } else if (bias != null) {
      sum = sum == null ? Broadcast.to(bias, output) : sum.add(bias);
    }
    return Reverse.present(sum);
  }
}
