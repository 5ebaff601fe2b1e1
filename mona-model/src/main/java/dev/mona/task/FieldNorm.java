package dev.mona.task;

/**
 * Euclidean norm of the label of one sample, by which relative errors are divided. Losses and
 * metrics leave out a sample whose norm {@linkplain #isZero is zero}.
 */
public final class FieldNorm {
  /** Below it the square of an error divided by the norm is no float any more. */
  public static final double SMALLEST = 1e-18;

  private FieldNorm() {}

  /**
   * The norm.
   *
   * @param labels of several samples
   * @param from where the sample's begin
   * @param length how many it has
   */
  public static double of(float[] labels, int from, int length) {
    double squares = 0;
    for (int i = from; i < from + length; i++) {
      squares += (double) labels[i] * labels[i];
    }
    return Math.sqrt(squares);
  }

  /** Whether there is no relative error to such a label. */
  public static boolean isZero(double norm) {
    return norm < SMALLEST;
  }
}
