package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code log(1 + e^x)}. */
final class Softplus extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    // max(x, 0) + log(1 + e^-|x|) does not overflow
    INDArray tail = arena.take(x.shape());
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.same.Abs(x, tail));
    tail.negi();
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Exp(tail, tail));
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p(tail, tail));
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear(x, out, 0));
    out.addi(tail);
    arena.release(tail);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid(x, out));
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.sigmoid();
  }
}
