package dev.mona.embedder;

/**
 * Bicubic interpolation of a map as PyTorch's {@code interpolate} does it with {@code
 * align_corners=false}: convolution with Keys' cubic kernel (1981) for a = -0.75, borders repeated.
 */
public final class BicubicResize {
  private static final double A = -0.75;

  private BicubicResize() {}

  /** {@code [channels, height, width]} to {@code [channels, toHeight, toWidth]}, row-major. */
  public static float[] of(
      float[] map, int channels, int height, int width, int toHeight, int toWidth) {
    float[] resized = new float[channels * toHeight * toWidth];
    for (int y = 0; y < toHeight; y++) {
      double[] rows = new double[4];
      int top = weights((y + 0.5) * height / toHeight - 0.5, rows);
      for (int x = 0; x < toWidth; x++) {
        double[] columns = new double[4];
        int left = weights((x + 0.5) * width / toWidth - 0.5, columns);
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int i = 0; i < 4; i++) {
            int row = (c * height + clamp(top + i, height)) * width;
            for (int j = 0; j < 4; j++) {
              sum += rows[i] * columns[j] * map[row + clamp(left + j, width)];
            }
          }
          resized[(c * toHeight + y) * toWidth + x] = (float) sum;
        }
      }
    }
    return resized;
  }

  /** Weights of the four neighbours of a position; returns the first of them. */
  private static int weights(double position, double[] weights) {
    double floor = Math.floor(position);
    double t = position - floor;
    weights[0] = far(t + 1);
    weights[1] = near(t);
    weights[2] = near(1 - t);
    weights[3] = far(2 - t);
    return (int) floor - 1;
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(index, size - 1));
  }

  private static double near(double d) {
    return ((A + 2) * d - (A + 3)) * d * d + 1;
  }

  private static double far(double d) {
    return ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  }
}
