package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import org.jspecify.annotations.Nullable;

/** {@code x W^T + b}: {@code [N, I]}, {@code [O, I]}, {@code [O]} to {@code [N, O]}. */
final class Linear extends Operation {
  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].value().size(0), inputs[1].value().size(0));
    arena.kernels().linear(inputs[0].value(), inputs[1].value(), inputs[2].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.addProduct(inputs[0], gradient, inputs[1].value(), false, false);
    reverse.addProduct(inputs[1], gradient, inputs[0].value(), true, false);
    reverse.addReduced(inputs[2], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = tangents[0];
    Variable weight = tangents[1];
    Variable bias = tangents[2];
    Variable sum = null;
    if (x != null) {
      sum = x.matmul(inputs[1], false, true);
    }
    if (weight != null) {
      sum =
          Variable.plus(
              sum,
              bias == null
                  ? inputs[0].matmul(weight, false, true)
                  : inputs[0].linear(weight, bias));
    } else if (bias != null) {
      sum = sum == null ? Broadcast.to(bias, output) : sum.add(bias);
    }
    return Reverse.present(sum);
  }
}
