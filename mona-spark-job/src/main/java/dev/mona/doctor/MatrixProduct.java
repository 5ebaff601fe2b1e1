package dev.mona.doctor;

import java.util.Locale;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares the backend's float product of matrices with three loops in double, and times it. With
 * elements in {@code [-1, 1)} and {@code k} terms, rounding moves a sum by less than {@code k^2
 * 2^-24}; a wrong kernel is off by about 1.
 */
final class MatrixProduct {
  private static final String SECTION = "matrix product";
  private static final long SEED = 20240601;
  private static final int ROWS = 193;
  private static final int INNER = 227;
  private static final int COLUMNS = 161;
  private static final double TOLERANCE = INNER * INNER * 0x1p-24;

  private static final int TIMED = 768;
  private static final int REPEATS = 5;

  private MatrixProduct() {}

  static void examine(Chart chart) {
    try {
      double error = largestError();
      chart.fact(
          SECTION,
          "largest error",
          String.format(Locale.ROOT, "%.1e (allowed %.1e)", error, TOLERANCE));
      if (!(error <= TOLERANCE)) {
        chart.problem(
            String.format(
                Locale.ROOT,
                "a product of matrices is off by %.1e, allowed is %.1e: the natives do not fit this"
                    + " machine, try another classifier with -Dnative.extension",
                error,
                TOLERANCE));
      }
      chart.fact(SECTION, "GFLOP/s", String.format(Locale.ROOT, "%.0f", gigaflops()));
    } catch (RuntimeException e) {
      chart.problem(
          "a product of matrices fails (" + Natives.innermost(e) + "): the natives are broken");
    }
  }

  static double largestError() {
    Random random = new Random(SEED);
    float[] a = uniform(random, ROWS * INNER);
    float[] b = uniform(random, INNER * COLUMNS);
    try (INDArray x = Nd4j.createFromArray(a).reshape('c', ROWS, INNER);
        INDArray y = Nd4j.createFromArray(b).reshape('c', INNER, COLUMNS);
        INDArray z = Nd4j.create(DataType.FLOAT, new long[] {ROWS, COLUMNS}, 'c')) {
      Nd4j.gemm(x, y, z, false, false, 1, 0);
      return largestError(a, b, z.dup('c').data().asFloat());
    }
  }

  /** Largest distance of a product {@code [ROWS, COLUMNS]} to the one in double; NaN counts. */
  static double largestError(float[] a, float[] b, float[] product) {
    double largest = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double sum = 0;
        for (int k = 0; k < INNER; k++) {
          sum += (double) a[i * INNER + k] * b[k * COLUMNS + j];
        }
        double error = Math.abs(sum - product[i * COLUMNS + j]);
        largest = Double.isNaN(error) ? Double.NaN : Math.max(largest, error);
      }
    }
    return largest;
  }

  private static double gigaflops() {
    try (INDArray x = Nd4j.ones(DataType.FLOAT, TIMED, TIMED);
        INDArray y = Nd4j.ones(DataType.FLOAT, TIMED, TIMED);
        INDArray z = Nd4j.create(DataType.FLOAT, new long[] {TIMED, TIMED}, 'c')) {
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < REPEATS; i++) {
        long began = System.nanoTime();
        Nd4j.gemm(x, y, z, false, false, 1, 0);
        Nd4j.getExecutioner().commit();
        best = Math.min(best, (System.nanoTime() - began) / 1e9);
      }
      return 2.0 * TIMED * TIMED * TIMED / best / 1e9;
    }
  }

  private static float[] uniform(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
