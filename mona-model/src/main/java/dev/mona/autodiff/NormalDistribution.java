package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;

/** Distribution function of the standard normal law, Phi(x). */
final class NormalDistribution extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    if (HostBlocks.reach(x, out)) {
      NormalLaw.distribution(x, out);
    } else {
      reference(x, out);
    }
  }

  static void reference(INDArray x, INDArray out) {
    x.muli(Math.sqrt(0.5), out);
    Nd4j.exec(new Erf(out, out));
    out.addi(1);
    out.muli(0.5);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    NormalDensity.of(x, out);
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.normalDensity();
  }
}
