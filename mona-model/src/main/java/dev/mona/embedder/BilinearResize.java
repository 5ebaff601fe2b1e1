package dev.mona.embedder;

/**
 * Bilinear resize of planes as PyTorch's {@code interpolate} does it with {@code
 * align_corners=false} and without antialiasing: the centre of a pixel stays a centre, and beyond
 * the border its last row or column is repeated.
 *
 * @param height rows of a plane
 * @param width columns of a plane
 * @param newHeight rows after the resize
 * @param newWidth columns after the resize
 */
record BilinearResize(int height, int width, int newHeight, int newWidth) {

  /**
   * Resizes planes.
   *
   * @param from {@code [n, height, width]}
   * @param to {@code [n, newHeight, newWidth]}
   */
  void apply(float[] from, float[] to) {
    int planes = from.length / (height * width);
    for (int p = 0; p < planes; p++) {
      for (int i = 0; i < newHeight; i++) {
        double y = centre(i, height, newHeight);
        int top = (int) y;
        int bottom = Math.min(top + 1, height - 1);
        double down = y - top;
        for (int j = 0; j < newWidth; j++) {
          double x = centre(j, width, newWidth);
          int left = (int) x;
          int right = Math.min(left + 1, width - 1);
          double across = x - left;
          int plane = p * height;
          double upper = mix(from, (plane + top) * width, left, right, across);
          double lower = mix(from, (plane + bottom) * width, left, right, across);
          to[(p * newHeight + i) * newWidth + j] = (float) (upper + down * (lower - upper));
        }
      }
    }
  }

  private static double mix(float[] from, int row, int left, int right, double across) {
    return from[row + left] + across * (from[row + right] - from[row + left]);
  }

  private static double centre(int at, int size, int newSize) {
    return Math.max(0, (at + 0.5) * size / newSize - 0.5);
  }
}
