package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A function applied to each element: {@code y = f(x)}. */
abstract class Elementwise extends Operation {

  /** {@code out = f(x)}. */
  abstract void apply(INDArray x, INDArray out, Arena arena);

  /** {@code out = f'(x)}; {@code y = f(x)} may be used. */
  abstract void derivative(INDArray x, INDArray y, INDArray out, Arena arena);

  /** {@code f'(x)} as a variable. */
  abstract Variable derivative(Variable x, Variable y);

  /** {@code gradient *= f'(x)}; {@code y = f(x)} may be used. */
  void chain(INDArray x, INDArray y, INDArray gradient, Arena arena) {
    INDArray slope = arena.take(gradient.shape());
    derivative(x, y, slope, arena);
    gradient.muli(slope);
    arena.release(slope);
  }

  @Override
  final INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray out = arena.take(x.shape());
    apply(x, out, arena);
    return out;
  }

  @Override
  final void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    chain(inputs[0].value(), output.value(), gradient, reverse.arena());
    reverse.donate(inputs[0], gradient);
  }

  @Override
  final Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return derivative(inputs[0], output).multiply(Reverse.present(tangents[0]));
  }
}
