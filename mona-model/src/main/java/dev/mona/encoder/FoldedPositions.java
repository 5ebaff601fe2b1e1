package dev.mona.encoder;

import dev.mona.embedder.BicubicResize;
import java.util.Arrays;

/**
 * Hiera's two position tables out of their sum, a table for a whole map: a coarse one that is
 * interpolated to the map and one of the first window that is repeated over it. Least squares over
 * all tokens of the map, with normal equations that all channels share. A constant could move from
 * one table to the other; the second one gets none, its sum is 0.
 *
 * @param coarse {@code [width, positions, positions]}
 * @param window {@code [width, windowSide, windowSide]}
 * @param residual the largest difference between the table and what the two give
 */
record FoldedPositions(float[] coarse, float[] window, double residual) {

  /**
   * Takes a table apart.
   *
   * @param table {@code [width, side, side]}
   * @param positions side of the coarse table, at most {@code side}
   * @param windowSide side of the window, at most {@code side}
   */
  static FoldedPositions of(float[] table, int width, int side, int positions, int windowSide) {
    int nodes = positions * positions;
    int tokens = side * side;
    float[] design = design(positions, side);
    int unknowns = nodes + windowSide * windowSide;
    double[][] normal = new double[unknowns][unknowns];
    double[][] right = new double[unknowns][width];
    for (int token = 0; token < tokens; token++) {
      int place = nodes + place(token, side, windowSide);
      normal[place][place]++;
      for (int c = 0; c < width; c++) {
        right[place][c] += table[c * tokens + token];
      }
      for (int i = 0; i < nodes; i++) {
        double weight = design[i * tokens + token];
        if (weight != 0) {
          normal[i][place] += weight;
          normal[place][i] += weight;
          for (int j = 0; j < nodes; j++) {
            normal[i][j] += weight * design[j * tokens + token];
          }
          for (int c = 0; c < width; c++) {
            right[i][c] += weight * table[c * tokens + token];
          }
        }
      }
    }
    // the sum of the window's table is to be 0
    for (int i = nodes; i < unknowns; i++) {
      for (int j = nodes; j < unknowns; j++) {
        normal[i][j]++;
      }
    }
    solve(normal, right);
    float[] coarse = transposed(right, 0, nodes, width);
    float[] window = transposed(right, nodes, unknowns, width);
    return new FoldedPositions(
        coarse, window, residual(table, coarse, window, width, side, positions, windowSide));
  }

  /** What each node of the coarse table adds to each token, {@code [nodes, side * side]}. */
  private static float[] design(int positions, int side) {
    int nodes = positions * positions;
    float[] identity = new float[nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      identity[i * nodes + i] = 1;
    }
    return BicubicResize.of(identity, nodes, positions, positions, side, side);
  }

  private static int place(int token, int side, int windowSide) {
    return token / side % windowSide * windowSide + token % side % windowSide;
  }

  /** Cholesky's method in place: {@code right} becomes {@code matrix^-1 right}. */
  private static void solve(double[][] matrix, double[][] right) {
    int n = matrix.length;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= matrix[i][k] * matrix[j][k];
        }
        matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        subtract(right[i], right[k], matrix[i][k]);
      }
      divide(right[i], matrix[i][i]);
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        subtract(right[i], right[k], matrix[k][i]);
      }
      divide(right[i], matrix[i][i]);
    }
  }

  private static void subtract(double[] from, double[] row, double factor) {
    for (int c = 0; c < from.length; c++) {
      from[c] -= factor * row[c];
    }
  }

  private static void divide(double[] row, double by) {
    for (int c = 0; c < row.length; c++) {
      row[c] /= by;
    }
  }

  /** Rows {@code from .. to - 1} as {@code [width, to - from]}. */
  private static float[] transposed(double[][] rows, int from, int to, int width) {
    float[] values = new float[width * (to - from)];
    for (int c = 0; c < width; c++) {
      for (int i = from; i < to; i++) {
        values[c * (to - from) + i - from] = (float) rows[i][c];
      }
    }
    return values;
  }

  private static double residual(
      float[] table,
      float[] coarse,
      float[] window,
      int width,
      int side,
      int positions,
      int windowSide) {
    float[] sum = BicubicResize.of(coarse, width, positions, positions, side, side);
    double[] worst = new double[width];
    int tokens = side * side;
    for (int c = 0; c < width; c++) {
      for (int token = 0; token < tokens; token++) {
        float repeated = window[c * windowSide * windowSide + place(token, side, windowSide)];
        double difference =
            Math.abs(table[c * tokens + token] - sum[c * tokens + token] - repeated);
        // NaN must not pass
        worst[c] = difference <= worst[c] ? worst[c] : difference;
      }
    }
    return Arrays.stream(worst).max().orElse(0);
  }
}
