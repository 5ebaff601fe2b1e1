package dev.mona.metalearning;

import java.io.Serializable;
import java.util.Locale;

/** How long a virtual step is and how strongly the outer signal counts. */
public sealed interface Strength extends Serializable {

  /** Factor of the gradient g in a virtual step. */
  double rate(double gradientNorm);

  /**
   * Factor of the mixed term.
   *
   * @param rate of the first virtual step
   * @param innerNorm norm of the inner embedder gradient
   * @param mixedNorm norm of the embedder's mixed term
   */
  double factor(double rate, double innerNorm, double mixedNorm);

  /** Whether there is no outer signal. */
  boolean isNone();

  /** The same virtual step without an outer signal. */
  Strength none();

  /**
   * The paper's formula: {@code L_inner + lambda * L_outer(theta - alpha * g)}.
   *
   * @param alpha factor of g in the virtual step
   * @param lambda weight of the outer loss; 0 for no outer signal
   */
  record Lambda(double alpha, double lambda) implements Strength {
    public Lambda {
      require(alpha, "lambda", lambda);
    }

    @Override
    public double rate(double gradientNorm) {
      return alpha;
    }

    @Override
    public double factor(double rate, double innerNorm, double mixedNorm) {
      return lambda * rate;
    }

    @Override
    public boolean isNone() {
      return lambda == 0;
    }

    @Override
    public Lambda none() {
      return new Lambda(alpha, 0);
    }
  }

  /**
   * Virtual steps of a fixed length, with 1/|g| held constant, and the mixed term scaled to a ratio
   * of the inner gradient.
   *
   * @param alpha length of the virtual step
   * @param ratio norm of the mixed term over that of the inner embedder gradient; 0 for no outer
   *     signal
   */
  record Ratio(double alpha, double ratio) implements Strength {
    /** Keeps a vanished gradient from dividing by zero. */
    private static final double TINY = 1e-30;

    public Ratio {
      require(alpha, "ratio", ratio);
    }

    @Override
    public double rate(double gradientNorm) {
      return alpha / Math.max(gradientNorm, TINY);
    }

    @Override
    public double factor(double rate, double innerNorm, double mixedNorm) {
      return mixedNorm > 0 ? ratio * innerNorm / mixedNorm : 0;
    }

    @Override
    public boolean isNone() {
      return ratio == 0;
    }

    @Override
    public Ratio none() {
      return new Ratio(alpha, 0);
    }
  }

  private static void require(double alpha, String name, double strength) {
    if (!(alpha > 0) || !(strength >= 0)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "alpha %s must be > 0 and %s %s >= 0", alpha, name, strength));
    }
  }
}
