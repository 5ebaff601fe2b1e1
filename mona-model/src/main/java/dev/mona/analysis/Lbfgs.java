package dev.mona.analysis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Limited-memory BFGS for smooth convex functions (Nocedal and Wright, Numerical Optimization, 2nd
 * ed., algorithms 7.4 and 7.5) with a backtracking line search on the Armijo condition. Pairs
 * without positive curvature are skipped. Deterministic.
 */
final class Lbfgs {
  private static final int HISTORY = 10;
  private static final int MAX_HALVINGS = 40;
  private static final double ARMIJO = 1e-4;

  /** A function of a vector {@code [p]} in double. */
  interface Objective {
    /** Value at {@code point}; its gradient is written to {@code gradient}. */
    double evaluate(INDArray point, INDArray gradient);
  }

  /**
   * Where a minimisation ended.
   *
   * @param point the last point, {@code [p]}
   * @param gradientNorm largest absolute entry of the gradient there
   * @param iterations steps taken
   * @param converged whether the gradient fell to the tolerance
   */
  record Minimum(INDArray point, double gradientNorm, int iterations, boolean converged) {}

  private record Pair(INDArray step, INDArray change, double curvature) {}

  private Lbfgs() {}

  /**
   * Minimises from {@code start} until the largest absolute entry of the gradient is at most {@code
   * tolerance}, the function no longer falls, or {@code maxIterations} steps are taken.
   */
  static Minimum minimise(
      Objective objective, INDArray start, double tolerance, int maxIterations) {
    INDArray point = start.dup();
    INDArray gradient = start.like();
    double value = objective.evaluate(point, gradient);
    Deque<Pair> pairs = new ArrayDeque<>();
    int iteration = 0;
    double norm = gradient.normmaxNumber().doubleValue();
    while (norm > tolerance && iteration < maxIterations) {
      INDArray direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / norm) : 1;
      INDArray nextGradient = start.like();
      INDArray next = point;
      double nextValue = Double.NaN;
      for (int halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
        next = point.add(direction.mul(length));
        nextValue = objective.evaluate(next, nextGradient);
        if (nextValue <= value + ARMIJO * length * slope) {
          break;
        }
      }
      if (!(nextValue < value)) {
        break;
      }
      INDArray step = next.sub(point);
      INDArray change = nextGradient.sub(gradient);
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
      norm = gradient.normmaxNumber().doubleValue();
      iteration++;
    }
    return new Minimum(point, norm, iteration, norm <= tolerance);
  }

  /** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
  private static INDArray direction(INDArray gradient, Deque<Pair> pairs) {
    INDArray q = gradient.neg();
    double[] alphas = new double[pairs.size()];
    int i = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      alphas[--i] = dot(pair.step(), q) / pair.curvature();
      q.subi(pair.change().mul(alphas[i]));
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      q.muli(last.curvature() / dot(last.change(), last.change()));
    }
    for (Pair pair : pairs) {
      double beta = dot(pair.change(), q) / pair.curvature();
      q.addi(pair.step().mul(alphas[i++] - beta));
    }
    return q;
  }

  private static double dot(INDArray a, INDArray b) {
    return a.mul(b).sumNumber().doubleValue();
  }
}
