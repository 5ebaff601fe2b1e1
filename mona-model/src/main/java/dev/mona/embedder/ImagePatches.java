package dev.mona.embedder;

import dev.mona.task.SampleShape;

/**
 * What a convolution sees of images: a row of {@code channels * kernel * kernel} values for each
 * place of its kernel, zeros outside of the image.
 *
 * @param image of one sample, in pixels
 * @param convolution the places of the kernel
 */
record ImagePatches(SampleShape image, PatchConvolution convolution) {

  /** Values of one row. */
  int length() {
    return image.channels() * convolution.kernel() * convolution.kernel();
  }

  /** Rows of one image. */
  int tokens() {
    return convolution.tokens(image.height()) * across();
  }

  private int across() {
    return convolution.tokens(image.width());
  }

  /**
   * Copies the patches.
   *
   * @param images {@code [batch, C, H, W]} row-major
   * @param patches becomes {@code [batch * tokens, length]}, in the order of a convolution's
   *     weights {@code [out, C, kernel, kernel]}
   */
  void copy(float[] images, int batch, float[] patches) {
    int height = image.height();
    int width = image.width();
    int kernel = convolution.kernel();
    int across = across();
    int tokens = tokens();
    int to = 0;
    for (int b = 0; b < batch; b++) {
      for (int token = 0; token < tokens; token++) {
        int top = token / across * convolution.stride() - convolution.padding();
        int left = token % across * convolution.stride() - convolution.padding();
        for (int c = 0; c < image.channels(); c++) {
          int plane = (b * image.channels() + c) * height;
          for (int y = top; y < top + kernel; y++) {
            for (int x = left; x < left + kernel; x++, to++) {
              boolean inside = y >= 0 && y < height && x >= 0 && x < width;
              patches[to] = inside ? images[(plane + y) * width + x] : 0;
            }
          }
        }
      }
    }
  }
}
