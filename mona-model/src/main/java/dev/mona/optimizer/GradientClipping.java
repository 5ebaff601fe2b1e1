package dev.mona.optimizer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Bounds the global norm of a gradient (Pascanu et al., ICML 2013). */
public final class GradientClipping {
  /** Squares are summed in rows of this length, rows in double: a float sum loses digits. */
  private static final int ROW = 1024;

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
    double norm = norm(gradients);
    if (maxNorm > 0 && norm > maxNorm && Double.isFinite(norm)) {
      for (INDArray gradient : gradients) {
        gradient.muli(maxNorm / norm);
      }
    }
    return norm;
  }

  /** The global norm of all gradients. */
  public static double norm(List<INDArray> gradients) {
    double squares = 0;
    for (INDArray gradient : gradients) {
      squares += squares(gradient);
    }
    return Math.sqrt(squares);
  }

  private static double squares(INDArray gradient) {
    long n = gradient.length();
    INDArray flat = gradient.reshape(n);
    long rows = n / ROW;
    double sum = 0;
    if (rows > 0) {
      INDArray whole = flat.get(NDArrayIndex.interval(0, rows * ROW)).reshape(rows, ROW);
      for (double rowNorm : whole.norm2(1).toDoubleVector()) {
        sum += rowNorm * rowNorm;
      }
    }
    if (rows * ROW < n) {
      double restNorm = flat.get(NDArrayIndex.interval(rows * ROW, n)).norm2Number().doubleValue();
      sum += restNorm * restNorm;
    }
    return sum;
  }
}
