package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;

/** The standard normal law, element by element. */
final class Normal {
  static final double INVERSE_ROOT_2_PI = 1 / Math.sqrt(2 * Math.PI);

  private Normal() {}

  /** {@code out = Phi(x)}. */
  static void distribution(INDArray x, INDArray out) {
    x.muli(Math.sqrt(0.5), out);
    Nd4j.exec(new Erf(out, out));
    out.addi(1);
    out.muli(0.5);
  }

  /** {@code out = phi(x)}. */
  static void density(INDArray x, INDArray out) {
    x.muli(x, out);
    out.muli(-0.5);
    Nd4j.exec(new org.nd4j.linalg.api.ops.impl.transforms.strict.Exp(out, out));
    out.muli(INVERSE_ROOT_2_PI);
  }
}
