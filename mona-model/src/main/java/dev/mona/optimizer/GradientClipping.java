package dev.mona.optimizer;

import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import java.util.List;

/** Bounds the global norm of a gradient (Pascanu et al., ICML 2013). */
public final class GradientClipping {
  private GradientClipping() {}

  /** The global norm of a gradient, given in parts. */
  public static Scalar norm(List<Array> gradients) {
    Array first = gradients.get(0);
    Vectors vectors = first.device().vectors();
    Scalar squares = vectors.dot(first, first);
    for (Array gradient : gradients.subList(1, gradients.size())) {
      squares = vectors.sum(squares, vectors.dot(gradient, gradient));
    }
    return vectors.root(squares);
  }

  /**
   * Scales all gradients in place by {@code maxNorm / norm} when their global norm exceeds {@code
   * maxNorm}. A norm that is not finite leaves them as they are: the caller sees it and stops.
   *
   * @param gradients parts of one gradient, of any shapes
   * @param norm their global norm
   * @param maxNorm the bound; 0 for none
   */
  public static void clip(List<Array> gradients, double norm, double maxNorm) {
    if (!(maxNorm >= 0)) {
      throw new IllegalArgumentException("maximum norm is " + maxNorm + ", must be >= 0");
    }
    if (maxNorm > 0 && norm > maxNorm && Double.isFinite(norm)) {
      for (Array gradient : gradients) {
        gradient.device().vectors().scale(gradient, maxNorm / norm, gradient);
      }
    }
  }
}
