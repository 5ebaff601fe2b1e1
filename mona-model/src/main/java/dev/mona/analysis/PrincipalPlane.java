package dev.mona.analysis;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * The plane in which rows vary most: their mean and first two principal components, from the
 * eigenvectors of the matrix of inner products {@code [n, n]} by Commons Math (Schoelkopf, Smola
 * and Mueller, Neural Computation 1998, of the linear kernel). The largest coordinate of a
 * component, the first of equals, is positive. A direction without variance is left at zero. A pure
 * function of the rows.
 */
public final class PrincipalPlane {
  private static final int AXES = 2;

  /** Part of the variance below which a direction is rounding. */
  private static final double NOTHING = 1e-12;

  private final double[] mean;
  private final double[][] axes;
  private final double[] shares;

  private PrincipalPlane(double[] mean, double[][] axes, double[] shares) {
    this.mean = mean;
    this.axes = axes;
    this.shares = shares;
  }

  /**
   * Fits the plane.
   *
   * @param values rows {@code [n, width]} row-major, at least one, all finite; the work grows with
   *     the cube of their number
   * @param width of a row
   */
  public static PrincipalPlane fit(float[] values, int width) {
    if (values.length == 0 || values.length % width != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d values are not rows of %d", values.length, width));
    }
    int n = values.length / width;
    double[] mean = new double[width];
    for (int i = 0; i < values.length; i++) {
      mean[i % width] += values[i] / (double) n;
    }
    double[][] centred = new double[n][width];
    for (int i = 0; i < values.length; i++) {
      centred[i / width][i % width] = values[i] - mean[i % width];
    }
    double[][] products = new double[n][n];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        products[i][j] = dot(centred[i], centred[j]);
        products[j][i] = products[i][j];
      }
      all += products[i][i];
    }
    EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(products, false));
    double[][] axes = new double[AXES][width];
    double[] shares = new double[AXES];
    for (int k = 0; k < Math.min(AXES, n); k++) {
      double variance = eigen.getRealEigenvalue(k);
      if (variance > NOTHING * all) {
        axes[k] = axis(centred, eigen.getEigenvector(k).toArray(), Math.sqrt(variance));
        shares[k] = variance / all;
      }
    }
    return new PrincipalPlane(mean, axes, shares);
  }

  private static double[] axis(double[][] rows, double[] weights, double length) {
    double[] axis = new double[rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int w = 0; w < axis.length; w++) {
        axis[w] += weights[i] * rows[i][w] / length;
      }
    }
    double largest = 0;
    for (double value : axis) {
      largest = Math.abs(value) > Math.abs(largest) ? value : largest;
    }
    double sign = largest < 0 ? -1 : 1;
    return Arrays.stream(axis).map(value -> sign * value).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int w = 0; w < a.length; w++) {
      sum += a[w] * b[w];
    }
    return sum;
  }

  /** The parts of the rows' variance along both components. */
  public double[] shares() {
    return shares.clone();
  }

  /**
   * Where rows lie in the plane.
   *
   * @param values rows {@code [n, width]} row-major
   * @return {@code [n, 2]}
   */
  public double[][] of(float[] values) {
    int width = mean.length;
    double[][] points = new double[values.length / width][AXES];
    for (int i = 0; i < points.length; i++) {
      double[] row = new double[width];
      for (int w = 0; w < width; w++) {
        row[w] = values[i * width + w] - mean[w];
      }
      for (int k = 0; k < AXES; k++) {
        points[i][k] = dot(axes[k], row);
      }
    }
    return points;
  }
}
