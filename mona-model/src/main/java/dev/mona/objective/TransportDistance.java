package dev.mona.objective;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The optimal transport data set distance (Alvarez-Melis and Fusi, NeurIPS 2020) from a fixed,
 * labelled source set to labelled target features, class by class of the target as ORCA does (Shen
 * et al., ICML 2023, section 3.2):
 *
 * <pre>
 *   D    = sum over target classes c of  n_c / n * S(Z_c, X)
 *   S    = OT(Z_c, X) - OT(Z_c, Z_c) / 2 - OT(X, X) / 2                    with the costs
 *   C    = |z_i - x_j|^2 / 2 + W(c, y_j) / 2,   |z_i - z_k|^2 / 2,   |x_j - x_l|^2 / 2 + W(y_j, y_l) / 2
 *   W    = the same divergence S between the features of two classes with the cost |u - v|^2
 * </pre>
 *
 * <p>OT is entropic with p = 2; the regularisation is absolute, in the units of the costs. The
 * gradient is that of the converged divergence: by the envelope theorem the plans are constants.
 * Label distances W are constants of it too, as in the reference implementation.
 */
public final class TransportDistance {
  private final double regularisation;
  private final double[][] source;
  private final int[] classes;
  private final double[][][] byClass;
  private final double[] withinClass;
  private final double withinSource;

  /**
   * A distance and its gradient.
   *
   * @param value D
   * @param gradient of D with respect to the target features, {@code [n, width]} row-major
   */
  public record Distance(double value, float[] gradient) {}

  /** The part of one target class: S and its gradient. */
  record ClassDistance(double value, double[][] gradient) {}

  /**
   * Computes what depends on the source alone.
   *
   * @param features source features {@code [m, width]} row-major, at least one
   * @param labels class of each, {@code [m]}
   * @param regularisation of the entropic problems, {@code > 0}
   */
  public TransportDistance(float[] features, int[] labels, double regularisation) {
    if (!(regularisation > 0)) {
      throw new IllegalArgumentException("regularisation is " + regularisation + ", must be > 0");
    }
    this.regularisation = regularisation;
    source = rows(features, labels.length);
    int[] present = Arrays.stream(labels).sorted().distinct().toArray();
    int count = present.length;
    classes = Arrays.stream(labels).map(label -> Arrays.binarySearch(present, label)).toArray();
    byClass = new double[count][][];
    withinClass = new double[count];
    for (int s = 0; s < count; s++) {
      byClass[s] = members(source, classes, s);
      withinClass[s] = within(byClass[s]);
    }
    double[][] cost = halved(squaredDistances(source, source));
    double[][] between = new double[count][count];
    for (int s = 0; s < count; s++) {
      for (int t = 0; t < s; t++) {
        between[s][t] = between(byClass[s], withinClass[s], t);
        between[t][s] = between[s][t];
      }
    }
    for (int i = 0; i < source.length; i++) {
      for (int j = 0; j < source.length; j++) {
        cost[i][j] += between[classes[i]][classes[j]] / 2;
      }
    }
    withinSource = Sinkhorn.solveSymmetric(cost, regularisation).value();
  }

  /**
   * The distance of target features.
   *
   * @param features {@code [n, width]} row-major
   * @param labels class of each, {@code [n]}
   */
  public Distance of(float[] features, int[] labels) {
    double[][] all = rows(features, labels.length);
    int width = all[0].length;
    float[] gradient = new float[features.length];
    double value = 0;
    for (int c : Arrays.stream(labels).sorted().distinct().toArray()) {
      double[][] members = members(all, labels, c);
      double weight = (double) members.length / labels.length;
      ClassDistance part = ofClass(members, labelDistances(members));
      value += weight * part.value();
      int k = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == c) {
          for (int w = 0; w < width; w++) {
            gradient[i * width + w] = (float) (weight * part.gradient()[k][w]);
          }
          k++;
        }
      }
    }
    return new Distance(value, gradient);
  }

  /** S of the features of one target class under given label distances W(c, .). */
  ClassDistance ofClass(double[][] z, double[] labelDistances) {
    double[][] cost = halved(squaredDistances(z, source));
    for (double[] row : cost) {
      for (int j = 0; j < row.length; j++) {
        row[j] += labelDistances[classes[j]] / 2;
      }
    }
    Sinkhorn.Solution across = Sinkhorn.solve(cost, regularisation);
    Sinkhorn.Solution self =
        Sinkhorn.solveSymmetric(halved(squaredDistances(z, z)), regularisation);
    double[][] gradient = new double[z.length][z[0].length];
    for (int i = 0; i < z.length; i++) {
      pull(gradient[i], z[i], source, across.plan()[i], 1);
      // both ends of a pair move: twice the pull, of which half counts
      pull(gradient[i], z[i], z, self.plan()[i], -1);
    }
    return new ClassDistance(across.value() - self.value() / 2 - withinSource / 2, gradient);
  }

  /** Adds {@code sign * sum_j P_j (z - x_j)}: the gradient of {@code sum_j P_j |z - x_j|^2 / 2}. */
  private static void pull(double[] to, double[] z, double[][] x, double[] plan, int sign) {
    for (int j = 0; j < x.length; j++) {
      double mass = sign * plan[j];
      double[] point = x[j];
      for (int w = 0; w < z.length; w++) {
        to[w] += mass * (z[w] - point[w]);
      }
    }
  }

  /** W between a class and each class of the source; 0 at least. */
  double[] labelDistances(double[][] members) {
    double self = within(members);
    double[] distances = new double[byClass.length];
    for (int s = 0; s < distances.length; s++) {
      distances[s] = between(members, self, s);
    }
    return distances;
  }

  private double between(double[][] members, double self, int s) {
    double across = Sinkhorn.solve(squaredDistances(members, byClass[s]), regularisation).value();
    return Math.max(0, across - self / 2 - withinClass[s] / 2);
  }

  private double within(double[][] members) {
    return Sinkhorn.solveSymmetric(squaredDistances(members, members), regularisation).value();
  }

  private static double[][] rows(float[] values, int n) {
    if (n == 0 || values.length == 0 || values.length % n != 0) {
      throw new IllegalArgumentException(
          n + " labels cannot share " + values.length + " values of features");
    }
    int width = values.length / n;
    double[][] rows = new double[n][width];
    for (int i = 0; i < n; i++) {
      for (int w = 0; w < width; w++) {
        rows[i][w] = values[i * width + w];
      }
    }
    return rows;
  }

  private static double[][] members(double[][] rows, int[] labels, int label) {
    return IntStream.range(0, rows.length)
        .filter(i -> labels[i] == label)
        .mapToObj(i -> rows[i])
        .toArray(double[][]::new);
  }

  private static double[][] squaredDistances(double[][] a, double[][] b) {
    double[][] distances = new double[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        double sum = 0;
        for (int w = 0; w < a[i].length; w++) {
          double d = a[i][w] - b[j][w];
          sum += d * d;
        }
        distances[i][j] = sum;
      }
    }
    return distances;
  }

  private static double[][] halved(double[][] matrix) {
    for (double[] row : matrix) {
      for (int j = 0; j < row.length; j++) {
        row[j] /= 2;
      }
    }
    return matrix;
  }
}
