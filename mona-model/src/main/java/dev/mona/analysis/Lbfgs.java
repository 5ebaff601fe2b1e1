package dev.mona.analysis;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS for smooth convex functions (Nocedal and Wright, Numerical Optimization, 2nd
 * ed., algorithms 7.4 and 7.5) with a backtracking line search on the Armijo condition. Pairs
 * without positive curvature are skipped. Deterministic.
 */
final class Lbfgs {
  private static final int HISTORY = 10;
  private static final int MAX_HALVINGS = 40;
  private static final double ARMIJO = 1e-4;

  /** A function of a vector of p numbers. */
  interface Objective {
    /** Value at {@code point}, which is read only; its gradient is written to {@code gradient}. */
    double evaluate(double[] point, double[] gradient);
  }

  /**
   * Where a minimisation ended.
   *
   * @param point the last point
   * @param gradientNorm largest absolute entry of the gradient there
   * @param iterations steps taken
   * @param converged whether the gradient fell to the tolerance
   */
  record Minimum(double[] point, double gradientNorm, int iterations, boolean converged) {}

  private record Pair(double[] step, double[] change, double curvature) {}

  private Lbfgs() {}

  /**
   * Minimises from {@code start} until the largest absolute entry of the gradient is at most {@code
   * tolerance}, the function no longer falls, or {@code maxIterations} steps are taken.
   */
  static Minimum minimise(
      Objective objective, double[] start, double tolerance, int maxIterations) {
    double[] point = start.clone();
    double[] gradient = new double[start.length];
    double value = objective.evaluate(point, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    int iteration = 0;
    double norm = largest(gradient);
    while (norm > tolerance && iteration < maxIterations) {
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / norm) : 1;
      double[] nextGradient = new double[start.length];
      double[] next = point;
      double nextValue = Double.NaN;
      for (int halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
        next = point.clone();
        add(next, length, direction);
        nextValue = objective.evaluate(next, nextGradient);
        if (nextValue <= value + ARMIJO * length * slope) {
          break;
        }
      }
      if (!(nextValue < value)) {
        break;
      }
      double[] step = difference(next, point);
      double[] change = difference(nextGradient, gradient);
      double curvature = dot(step, change);
      if (curvature > 1e-12 * dot(change, change)) {
        pairs.addLast(new Pair(step, change, curvature));
        if (pairs.size() > HISTORY) {
          pairs.removeFirst();
        }
      }
      point = next;
      gradient = nextGradient;
      value = nextValue;
      norm = largest(gradient);
      iteration++;
    }
    return new Minimum(point, norm, iteration, norm <= tolerance);
  }

  /** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
  private static double[] direction(double[] gradient, Deque<Pair> pairs) {
    double[] q = new double[gradient.length];
    add(q, -1, gradient);
    double[] alphas = new double[pairs.size()];
    int i = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      alphas[--i] = dot(pair.step(), q) / pair.curvature();
      add(q, -alphas[i], pair.change());
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      double scale = last.curvature() / dot(last.change(), last.change());
      Arrays.setAll(q, j -> scale * q[j]);
    }
    for (Pair pair : pairs) {
      double beta = dot(pair.change(), q) / pair.curvature();
      add(q, alphas[i++] - beta, pair.step());
    }
    return q;
  }

  /** {@code a += factor b}. */
  private static void add(double[] a, double factor, double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] += factor * b[i];
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = a.clone();
    add(difference, -1, b);
    return difference;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
