package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Derivative of the GELU, {@code Phi(x) + x phi(x)}. */
final class GeluSlope extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    of(x, out, arena);
  }

  static void of(INDArray x, INDArray out, Arena arena) {
    if (HostBlocks.reach(x, out)) {
      HostBlocks.elements(x).read(x).write(out).scratch(1).run((a, n) -> of(a[0], a[1], a[2], n));
    } else {
      reference(x, out, arena);
    }
  }

  /** Of the first {@code n} elements; {@code density} is overwritten. */
  static void of(float[] x, float[] out, float[] density, int n) {
    NormalLaw.distribution(x, out, n);
    NormalLaw.density(x, density, n);
    for (int i = 0; i < n; i++) {
      out[i] += x[i] * density[i];
    }
  }

  static void reference(INDArray x, INDArray out, Arena arena) {
    INDArray density = arena.take(x.shape());
    NormalDensity.reference(x, density);
    density.muli(x);
    NormalDistribution.reference(x, out);
    out.addi(density);
    arena.release(density);
  }

  /** {@code (2 - x^2) phi(x)}. */
  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    INDArray factor = arena.take(x.shape());
    x.muli(x, factor);
    factor.rsubi(2);
    NormalDensity.of(x, out);
    out.muli(factor);
    arena.release(factor);
  }

  @Override
  void chain(INDArray x, INDArray y, INDArray gradient, Arena arena) {
    if (HostBlocks.reach(x, gradient)) {
      HostBlocks.elements(x)
          .read(x)
          .update(gradient)
          .scratch(1)
          .run((a, n) -> chain(a[0], a[1], a[2], n));
    } else {
      super.chain(x, y, gradient, arena);
    }
  }

  private static void chain(float[] x, float[] gradient, float[] density, int n) {
    NormalLaw.density(x, density, n);
    for (int i = 0; i < n; i++) {
      gradient[i] *= density[i] * (2 - x[i] * x[i]);
    }
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.multiply(x).scale(-1).shift(2).multiply(x.normalDensity());
  }
}
