package dev.mona.compute.nd4j;

import java.nio.FloatBuffer;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce3.Dot;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Inner products of long vectors. A sum of millions of squares in float stops growing long before
 * it is complete, and how early depends on the number of threads. Here products are summed in
 * double in an order that depends on the length alone, on the host without rounding before: the
 * relative error is that of double. On another device, and for other types than float, rows of
 * {@value #ROW} products are summed in the type of the array and the rows in double.
 */
final class InnerProduct {
  /** Elements of a row where the device sums them. */
  private static final int ROW = 1024;

  /** Floats that are copied to the JVM at once: they stay in the first cache. */
  private static final int BLOCK = 2048;

  /** Running sums of the host: one addition need not wait for the one before it. */
  private static final int LANES = 8;

  private InnerProduct() {}

  /**
   * Sum of the products of the elements of two contiguous arrays.
   *
   * @param x of any shape
   * @param y of as many elements and the same type
   */
  static double of(INDArray x, INDArray y) {
    if (x.length() != y.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d and %d values have no inner product", x.length(), y.length()));
    }
    return HostFloats.sees(x) && HostFloats.sees(y) ? onHost(x, y) : onDevice(x, y);
  }

  private static double onHost(INDArray x, INDArray y) {
    boolean same = x == y;
    FloatBuffer fromX = HostFloats.view(x);
    FloatBuffer fromY = same ? fromX : HostFloats.view(y);
    int n = fromX.capacity();
    float[] a = new float[Math.min(BLOCK, n)];
    float[] b = same ? a : new float[a.length];
    double[] sums = new double[LANES];
    for (int at = 0; at < n; at += BLOCK) {
      int length = Math.min(BLOCK, n - at);
      fromX.get(at, a, 0, length);
      if (!same) {
        fromY.get(at, b, 0, length);
      }
      add(a, b, length, sums);
    }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3]))
        + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }

  private static void add(float[] a, float[] b, int n, double[] sums) {
    double s0 = sums[0];
    double s1 = sums[1];
    double s2 = sums[2];
    double s3 = sums[3];
    double s4 = sums[4];
    double s5 = sums[5];
    double s6 = sums[6];
    double s7 = sums[7];
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
      s4 += (double) a[i + 4] * b[i + 4];
      s5 += (double) a[i + 5] * b[i + 5];
      s6 += (double) a[i + 6] * b[i + 6];
      s7 += (double) a[i + 7] * b[i + 7];
    }
    for (; i < n; i++) {
      s0 += (double) a[i] * b[i];
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
  }

  static double onDevice(INDArray x, INDArray y) {
    long n = x.length();
    INDArray flatX = x.reshape(x.ordering(), new long[] {n});
    INDArray flatY = y.reshape(x.ordering(), new long[] {n});
    long whole = n / ROW * ROW;
    double sum = 0;
    if (whole > 0) {
      sum += ofRows(part(flatX, 0, whole, ROW), part(flatY, 0, whole, ROW));
    }
    if (whole < n) {
      int rest = (int) (n - whole);
      sum += ofRows(part(flatX, whole, n, rest), part(flatY, whole, n, rest));
    }
    return sum;
  }

  private static INDArray part(INDArray flat, long from, long to, int row) {
    return flat.get(NDArrayIndex.interval(from, to)).reshape((to - from) / row, row);
  }

  private static double ofRows(INDArray x, INDArray y) {
    double sum = 0;
    try (INDArray products = Nd4j.getExecutioner().exec(new Dot(x, y, 1))) {
      for (double product : products.toDoubleVector()) {
        sum += product;
      }
    }
    return sum;
  }
}
