package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Natural logarithm. */
final class Log extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Log(x, out));
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    x.rdivi(1.0, out);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.power(-1);
  }
}
