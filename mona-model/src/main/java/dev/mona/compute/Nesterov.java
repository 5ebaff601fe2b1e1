package dev.mona.compute;

import java.io.Serializable;

/**
 * The outer step of DiLoCo (Douillard et al. 2023, arXiv 2311.08105, algorithm 1): what the mean of
 * the workers' parameters moved by, taken as a gradient, drives a gradient descent with Nesterov's
 * momentum (Sutskever et al., ICML 2013). With {@code x} the parameters before the local steps:
 *
 * <pre>
 * d = x - mean        u = momentum u + d        x = x - rate (d + momentum u)
 * </pre>
 *
 * <p>Each value by itself, in double from the floats that are kept, {@code u} and {@code x} rounded
 * once: the same bytes wherever it is computed. With rate 1 and no momentum it is the mean to the
 * bit, up to the sign of a zero, unless one of x and mean is 2<sup>28</sup> times the other.
 *
 * @param rate of the outer descent
 * @param momentum of the outer descent
 */
public record Nesterov(double rate, double momentum) implements Serializable {
  public Nesterov {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("rate is " + rate + ", must be > 0 and finite");
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
    }
  }

  /**
   * Takes a step over some values. Where one is not finite, what it becomes is not finite.
   *
   * @param before parameters before the local steps, from position {@code at} on; not changed
   * @param velocity u, from position {@code at} on; the new one afterwards
   * @param values {@code [>= n]} the mean, and the new parameters afterwards
   */
  public void step(float[] before, float[] velocity, int at, float[] values, int n) {
    for (int i = 0; i < n; i++) {
      double x = before[at + i];
      double moved = x - values[i];
      float u = (float) (momentum * velocity[at + i] + moved);
      velocity[at + i] = u;
      values[i] = (float) (x - rate * (moved + momentum * u));
    }
  }
}
