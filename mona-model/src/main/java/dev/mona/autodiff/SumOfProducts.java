package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of products of pairs of inputs, and of a last input without a partner where their number
 * is odd: a bias, which is broadcast. What is linear in each of two factors has such a sum as its
 * tangent, {@code a' b + a b'}, which is added up in one array. An instance serves any number of
 * nodes.
 */
abstract class SumOfProducts extends Operation {
  abstract long[] shape(Variable a, Variable b);

  abstract void product(Kernels kernels, Array a, Array b, Target out);

  /** {@code out = a b + bias}. */
  void product(Kernels kernels, Array a, Array b, Array bias, Array out) {
    product(kernels, a, b, new Target(out, false));
    kernels.add(out, bias, out);
  }

  /** Adds what a product gives its factors. */
  abstract void backward(Reverse reverse, Array gradient, Variable a, Variable b);

  abstract <T> T product(Replay<T> to, T a, T b);

  @Override
  final <T> T replay(Replay<T> to, List<T> inputs) {
    T sum = product(to, inputs.get(0), inputs.get(1));
    for (int k = 2; k < inputs.size() - 1; k += 2) {
      sum = to.add(sum, product(to, inputs.get(k), inputs.get(k + 1)));
    }
    return inputs.size() % 2 == 0 ? sum : to.add(sum, inputs.get(inputs.size() - 1));
  }

  private static int pairs(Variable... inputs) {
    return inputs.length / 2;
  }

  private static @Nullable Variable bias(@Nullable Variable... inputs) {
    return inputs.length % 2 == 0 ? null : inputs[inputs.length - 1];
  }

  @Override
  final Array forward(Arena arena, Variable... inputs) {
    Kernels kernels = arena.kernels();
    Array out = arena.take(shape(inputs[0], inputs[1]));
    Variable bias = bias(inputs);
    if (bias == null) {
      product(kernels, inputs[0].value(), inputs[1].value(), new Target(out, false));
    } else {
      product(kernels, inputs[0].value(), inputs[1].value(), bias.value(), out);
    }
    for (int k = 1; k < pairs(inputs); k++) {
      Array a = inputs[2 * k].value();
      product(kernels, a, inputs[2 * k + 1].value(), new Target(out, true));
    }
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    for (int k = 0; k < pairs(inputs); k++) {
      backward(reverse, gradient, inputs[2 * k], inputs[2 * k + 1]);
    }
    Variable bias = bias(inputs);
    if (bias != null) {
      reverse.addReduced(bias, gradient);
    }
  }

  @Override
  final Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    List<Variable> sum = new ArrayList<>();
    for (int k = 0; k < pairs(inputs); k++) {
      Variable a = tangents[2 * k];
      Variable b = tangents[2 * k + 1];
      if (b != null) {
        sum.addAll(List.of(inputs[2 * k], b));
      }
      if (a != null) {
        sum.addAll(List.of(a, inputs[2 * k + 1]));
      }
    }
    Variable bias = bias(tangents);
    if (sum.isEmpty()) {
      return Broadcast.to(Reverse.present(bias), output);
    }
    if (bias != null) {
      sum.add(bias);
    }
    return output.tape().record(this, sum.toArray(Variable[]::new));
  }
}
