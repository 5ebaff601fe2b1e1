package dev.mona.embedder;

/**
 * What a convolution sees of images: a row of {@code channels * kernel * kernel} values for each
 * place of its kernel, zeros outside of the image.
 *
 * @param channels C
 * @param height H, in pixels
 * @param width in pixels
 * @param kernel side of the kernel
 * @param stride from one place to the next
 * @param padding zeros before the first row and column
 * @param down places from top to bottom
 * @param across places from left to right
 */
record ImagePatches(
    int channels,
    int height,
    int width,
    int kernel,
    int stride,
    int padding,
    int down,
    int across) {

  /** Values of one row. */
  int length() {
    return channels * kernel * kernel;
  }

  /** Rows of one image. */
  int tokens() {
    return down * across;
  }

  /**
   * Copies the patches.
   *
   * @param images {@code [batch, C, H, W]} row-major
   * @param patches becomes {@code [batch * tokens, length]}, in the order of a convolution's
   *     weights {@code [out, C, kernel, kernel]}
   */
  void copy(float[] images, int batch, float[] patches) {
    int to = 0;
    for (int b = 0; b < batch; b++) {
      for (int token = 0; token < tokens(); token++) {
        for (int c = 0; c < channels; c++) {
          int plane = (b * channels + c) * height;
          for (int i = 0; i < kernel; i++) {
            int y = token / across * stride - padding + i;
            for (int j = 0; j < kernel; j++, to++) {
              int x = token % across * stride - padding + j;
              boolean inside = y >= 0 && y < height && x >= 0 && x < width;
              patches[to] = inside ? images[(plane + y) * width + x] : 0;
            }
          }
        }
      }
    }
  }
}
