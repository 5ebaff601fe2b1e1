package dev.mona.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * A predicted field beside the true one, on at most 64 points a side: of a larger field every
 * {@code ceil(side / 64)}-th point is kept.
 *
 * @param id of the sample
 * @param error {@code |p - y| / |y|} over all points of all outputs; {@code |p - y|} over the root
 *     of their number where y is zero everywhere
 * @param height rows that are kept
 * @param width columns that are kept
 * @param values the true values and the predicted ones of the first output, {@code [2, height *
 *     width]} row-major
 */
public record KeptField(long id, double error, int height, int width, float[][] values) {
  private static final int SIDE = 64;

  /**
   * Of a sample.
   *
   * @param truth {@code [outputs, rows, columns]}
   * @param prediction of the same shape, in the same units
   */
  public static KeptField of(long id, float[] truth, float[] prediction, int rows, int columns) {
    if (truth.length != prediction.length || truth.length < Math.multiplyExact(rows, columns)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d and %d values are no fields of %d x %d points",
              truth.length,
              prediction.length,
              rows,
              columns));
    }
    int down = (rows + SIDE - 1) / SIDE;
    int right = (columns + SIDE - 1) / SIDE;
    int height = (rows + down - 1) / down;
    int width = (columns + right - 1) / right;
    float[][] kept = new float[2][height * width];
    for (int i = 0; i < height * width; i++) {
      int at = i / width * down * columns + i % width * right;
      kept[0][i] = truth[at];
      kept[1][i] = prediction[at];
    }
    return new KeptField(id, error(truth, prediction), height, width, kept);
  }

  private static double error(float[] truth, float[] prediction) {
    double apart = 0;
    double length = 0;
    for (int i = 0; i < truth.length; i++) {
      double difference = (double) prediction[i] - truth[i];
      apart += difference * difference;
      length += (double) truth[i] * truth[i];
    }
    return Math.sqrt(apart / (length > 0 ? length : truth.length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeptField that
        && id == that.id
        && error == that.error
        && height == that.height
        && width == that.width
        && Arrays.deepEquals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }

  @Override
  public String toString() {
    return "KeptField[" + id + "]";
  }
}
