package dev.mona.autodiff;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Exact GELU (Hendrycks and Gimpel 2016), {@code x Phi(x)}. */
final class Gelu extends Elementwise {
  @Override
  void apply(INDArray x, INDArray out, Arena arena) {
    if (HostBlocks.reach(x, out)) {
      HostBlocks.elements(x).read(x).write(out).run((a, n) -> apply(a[0], a[1], n));
    } else {
      reference(x, out);
    }
  }

  private static void apply(float[] x, float[] out, int n) {
    NormalLaw.distribution(x, out, n);
    for (int i = 0; i < n; i++) {
      out[i] *= x[i];
    }
  }

  static void reference(INDArray x, INDArray out) {
    NormalDistribution.reference(x, out);
    out.muli(x);
  }

  @Override
  void derivative(INDArray x, INDArray y, INDArray out, Arena arena) {
    GeluSlope.of(x, out, arena);
  }

  @Override
  void chain(INDArray x, INDArray y, INDArray gradient, Arena arena) {
    if (HostBlocks.reach(x, gradient)) {
      HostBlocks.elements(x)
          .read(x)
          .update(gradient)
          .scratch(1)
          .scratch(1)
          .run((a, n) -> chain(a[0], a[1], a[2], a[3], n));
    } else {
      super.chain(x, y, gradient, arena);
    }
  }

  private static void chain(float[] x, float[] gradient, float[] slope, float[] density, int n) {
    GeluSlope.of(x, slope, density, n);
    for (int i = 0; i < n; i++) {
      gradient[i] *= slope[i];
    }
  }

  @Override
  Variable derivative(Variable x, Variable y) {
    return x.geluSlope();
  }
}
