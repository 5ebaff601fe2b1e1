package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code 1 / (1 + e^-x)}. */
final class Sigmoid extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid(x, out));
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    y.muli(y, out);
    y.subi(out, out);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return y.subtract(y.multiply(y));
  }
}
