package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import org.jspecify.annotations.Nullable;

/** A {@link Function} of each element: {@code y = f(x)}. */
final class Elementwise extends Operation {
  private final Function function;

  Elementwise(Function function) {
    this.function = function;
  }

  @Override
  Array forward(Arena arena, Variable... inputs) {
    Array out = arena.take(inputs[0].shape());
    arena.kernels().map(function, inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    reverse.kernels().chain(function, inputs[0].value(), output.value(), gradient);
    reverse.donate(inputs[0], gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return slope(inputs[0], output).multiply(Reverse.present(tangents[0]));
  }

  /** {@code f'(x)}. */
  private Variable slope(Variable x, Variable y) {
    return switch (function) {
      case EXP -> y;
      case LOG -> x.power(-1);
      case SIGMOID -> y.subtract(y.multiply(y));
      case SOFTPLUS -> x.sigmoid();
      case GELU -> x.map(Function.GELU_SLOPE);
      // (2 - x^2) phi(x)
      case GELU_SLOPE -> x.multiply(x).scale(-1).shift(2).multiply(x.map(Function.NORMAL_DENSITY));
      case NORMAL_DISTRIBUTION -> x.map(Function.NORMAL_DENSITY);
      case NORMAL_DENSITY -> x.multiply(y).scale(-1);
    };
  }
}
