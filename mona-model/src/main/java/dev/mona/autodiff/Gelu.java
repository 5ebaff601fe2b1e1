package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Exact GELU, {@code x Phi(x)}. ND4J's own is an approximation. */
final class Gelu extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    Normal.distribution(x, out);
    out.muli(x);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    GeluDerivative.of(x, out, arena);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.geluDerivative();
  }
}
