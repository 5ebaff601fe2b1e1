package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Density of the standard normal law, {@code phi(x) = exp(-x^2 / 2) / sqrt(2 pi)}. */
final class NormalDensity extends Elementwise {
  private static final double INVERSE_ROOT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  static void of(INDArray x, INDArray out) {
    if (HostBlocks.reach(x, out)) {
      NormalLaw.density(x, out);
    } else {
      reference(x, out);
    }
  }

  static void reference(INDArray x, INDArray out) {
    x.muli(x, out);
    out.muli(-0.5);
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Exp(out, out));
    out.muli(INVERSE_ROOT_2_PI);
  }

  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    of(x, out);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    x.muli(y, out);
    out.negi();
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.multiply(y).scale(-1);
  }
}
