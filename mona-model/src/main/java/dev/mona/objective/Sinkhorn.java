package dev.mona.objective;

import java.util.Arrays;

/**
 * Entropic optimal transport between two sets of points with equal weights within each (Cuturi,
 * NeurIPS 2013): with a = 1/n, b = 1/m
 *
 * <pre>
 *   OT = min over P >= 0 with row sums a, column sums b of  sum P C + reg KL(P | a b)
 *      = sum_i a f_i + sum_j b g_j,      P_ij = a b exp((f_i + g_j - C_ij) / reg)
 * </pre>
 *
 * <p>The potentials f and g are found by Sinkhorn's iteration in the logarithmic domain, in double,
 * with the regularisation lowered from the largest cost by a factor of 4 a step, as GeomLoss does;
 * then at {@code reg} itself until the column sums are met to a relative {@value #TOLERANCE}, or
 * for {@value #MAX_ITERATIONS} iterations. Row sums are met exactly. A set and itself have one
 * potential, found by averaged iterations (Feydy et al., AISTATS 2019, section 3).
 */
final class Sinkhorn {
  static final double TOLERANCE = 1e-5;
  static final int MAX_ITERATIONS = 300;
  private static final double ANNEALING = 4;

  /**
   * A solution.
   *
   * @param value OT
   * @param plan P, {@code [n, m]}
   */
  record Solution(double value, double[][] plan) {}

  private Sinkhorn() {}

  /** Solves the problem of a cost {@code [n, m]}, {@code >= 0}. */
  static Solution solve(double[][] cost, double reg) {
    double[][] transposed = transposed(cost);
    double[] f = new double[cost.length];
    double[] g = new double[transposed.length];
    for (double eps = largest(cost); eps > reg; eps /= ANNEALING) {
      potential(transposed, f, eps, g);
      potential(cost, g, eps, f);
    }
    double[] previous = new double[g.length];
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      System.arraycopy(g, 0, previous, 0, g.length);
      potential(transposed, f, reg, g);
      potential(cost, g, reg, f);
      // after f is renewed, column j sums to b exp((previous_j - next_j) / reg)
      if (i > 0 && change(previous, g) <= TOLERANCE * reg) {
        break;
      }
    }
    return new Solution(mean(f) + mean(g), plan(cost, f, g, reg));
  }

  /** Solves the problem of a set and itself. */
  static Solution solveSymmetric(double[][] cost, double reg) {
    double[] f = new double[cost.length];
    double[] next = new double[cost.length];
    for (double eps = largest(cost); eps > reg; eps /= ANNEALING) {
      average(cost, f, eps, next);
    }
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double moved = average(cost, f, reg, next);
      if (moved <= TOLERANCE * reg / 2) {
        break;
      }
    }
    return new Solution(2 * mean(f), plan(cost, f, f, reg));
  }

  /** Moves f half way to its update; returns the largest change. */
  private static double average(double[][] cost, double[] f, double eps, double[] next) {
    potential(cost, f, eps, next);
    double moved = 0;
    for (int i = 0; i < f.length; i++) {
      double middle = (f[i] + next[i]) / 2;
      moved = Math.max(moved, Math.abs(middle - f[i]));
      f[i] = middle;
    }
    return moved;
  }

  /** {@code out_i = -eps log mean_j exp((other_j - C_ij) / eps)}. */
  private static void potential(double[][] cost, double[] other, double eps, double[] out) {
    for (int i = 0; i < out.length; i++) {
      double[] row = cost[i];
      double top = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < row.length; j++) {
        top = Math.max(top, other[j] - row[j]);
      }
      double sum = 0;
      for (int j = 0; j < row.length; j++) {
        sum += Math.exp((other[j] - row[j] - top) / eps);
      }
      out[i] = -top - eps * Math.log(sum / row.length);
    }
  }

  private static double[][] plan(double[][] cost, double[] f, double[] g, double reg) {
    double[][] plan = new double[f.length][g.length];
    double weight = 1.0 / ((double) f.length * g.length);
    for (int i = 0; i < f.length; i++) {
      for (int j = 0; j < g.length; j++) {
        plan[i][j] = weight * Math.exp((f[i] + g[j] - cost[i][j]) / reg);
      }
    }
    return plan;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < transposed.length; j++) {
        transposed[j][i] = matrix[i][j];
      }
    }
    return transposed;
  }

  private static double largest(double[][] cost) {
    double largest = 0;
    for (double[] row : cost) {
      largest = Math.max(largest, Arrays.stream(row).max().orElse(0));
    }
    // what is not finite has no scale to start from, and ends as no number
    return Double.isFinite(largest) ? largest : 0;
  }

  private static double change(double[] from, double[] to) {
    double largest = 0;
    for (int i = 0; i < from.length; i++) {
      largest = Math.max(largest, Math.abs(to[i] - from[i]));
    }
    return largest;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
