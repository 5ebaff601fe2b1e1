package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Derivative of the exact GELU, {@code Phi(x) + x phi(x)}. */
final class GeluDerivative extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    of(x, out, arena);
  }

  static void of(INDArray x, INDArray out, Arena arena) {
    INDArray part = arena.take(x.shape());
    Normal.density(x, part);
    part.muli(x);
    Normal.distribution(x, out);
    out.addi(part);
    arena.release(part);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    // phi(x) (2 - x^2)
    INDArray part = arena.take(x.shape());
    Normal.density(x, part);
    x.muli(x, out);
    out.rsubi(2);
    out.muli(part);
    arena.release(part);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    Variable square = x.multiply(x);
    Variable density = square.scale(-0.5).exp().scale(Normal.INVERSE_ROOT_2_PI);
    return density.multiply(square.scale(-1).shift(2));
  }
}
