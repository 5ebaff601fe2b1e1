package dev.mona.compute.nd4j;

import java.util.Arrays;

/**
 * Sums over rows and columns of {@code float[]} blocks. The order of additions is fixed: eight
 * running sums, so that one addition need not wait for the one before it.
 */
final class HostRows {
  private HostRows() {}

  /** Sum of {@code n} elements from {@code start}. */
  static float sum(float[] x, int start, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int end = start + n;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** Sum of the products of {@code n} elements from {@code start}. */
  static float dot(float[] x, float[] y, int start, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int end = start + n;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      s0 = Math.fma(x[i], y[i], s0);
      s1 = Math.fma(x[i + 1], y[i + 1], s1);
      s2 = Math.fma(x[i + 2], y[i + 2], s2);
      s3 = Math.fma(x[i + 3], y[i + 3], s3);
      s4 = Math.fma(x[i + 4], y[i + 4], s4);
      s5 = Math.fma(x[i + 5], y[i + 5], s5);
      s6 = Math.fma(x[i + 6], y[i + 6], s6);
      s7 = Math.fma(x[i + 7], y[i + 7], s7);
    }
    for (; i < end; i++) {
      s0 = Math.fma(x[i], y[i], s0);
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /**
   * {@code out_j} = sum over {@code rows} of {@code x_rj}. Copies each row to {@code row} first:
   * loops become vector instructions only where all arrays have the same index.
   */
  static void sumColumns(float[] x, float[] row, float[] out, int rows, int width) {
    Arrays.fill(out, 0, width, 0);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, r * width, row, 0, width);
      for (int j = 0; j < width; j++) {
        out[j] += row[j];
      }
    }
  }
}
