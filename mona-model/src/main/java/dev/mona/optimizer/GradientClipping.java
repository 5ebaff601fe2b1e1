package dev.mona.optimizer;

import dev.mona.tensor.InnerProduct;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Bounds the global norm of a gradient (Pascanu et al., ICML 2013). */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Scales all gradients in place by {@code maxNorm / norm} when their global norm exceeds {@code
   * maxNorm}. A norm that is not finite leaves them as they are: the caller sees it and stops.
   *
   * @param gradients parts of one gradient, contiguous, of any shapes
   * @param maxNorm the bound; 0 for none
   * @return the global norm before scaling
   */
  public static double clip(List<INDArray> gradients, double maxNorm) {
    if (!(maxNorm >= 0)) {
      throw new IllegalArgumentException("maximum norm is " + maxNorm + ", must be >= 0");
    }
    double norm = InnerProduct.norm(gradients);
    if (maxNorm > 0 && norm > maxNorm && Double.isFinite(norm)) {
      for (INDArray gradient : gradients) {
        gradient.muli(maxNorm / norm);
      }
    }
    return norm;
  }
}
