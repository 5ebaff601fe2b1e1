package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Function;
import java.util.List;
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
    Array out = reverse.room(gradient);
    reverse.kernels().chain(function, inputs[0].value(), output.value(), gradient, out);
    reverse.donate(inputs[0], out);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = inputs[0];
    Variable u = Reverse.present(tangents[0]);
    Function slope = slope();
    return slope == null
        ? slope(x, output).multiply(u)
        : x.tape().record(new ElementwiseTangent(function, slope, output.value()), x, u);
  }

  /** The derivative, where it is one of the functions. */
  private @Nullable Function slope() {
    return switch (function) {
      case EXP -> Function.EXP;
      case SOFTPLUS -> Function.SIGMOID;
      case GELU -> Function.GELU_SLOPE;
      case NORMAL_DISTRIBUTION -> Function.NORMAL_DENSITY;
      default -> null;
    };
  }

  /** The derivative of the others. */
  private Variable slope(Variable x, Variable y) {
    return switch (function) {
      case LOG -> x.power(-1);
      case SIGMOID -> y.subtract(y.multiply(y));
      default -> throw new IllegalStateException("no tangent of " + function);
    };
  }

  @Override
  <T> T replay(Replay<T> to, List<T> inputs) {
    return to.map(inputs.get(0), function);
  }
}
