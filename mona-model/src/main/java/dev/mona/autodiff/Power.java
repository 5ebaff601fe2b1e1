package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Pow;
import org.nd4j.linalg.factory.Nd4j;

/** {@code x ^ exponent} for values {@code > 0}. */
final class Power extends Elementwise {
  private final double exponent;

  Power(double exponent) {
    this.exponent = exponent;
  }

  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    Nd4j.exec(new Pow(x, out, exponent));
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    Nd4j.exec(new Pow(x, out, exponent - 1));
    out.muli(exponent);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.power(exponent - 1).scale(exponent);
  }
}
