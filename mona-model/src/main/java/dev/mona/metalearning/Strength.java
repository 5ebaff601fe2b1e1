package dev.mona.metalearning;

import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import java.io.Serializable;
import java.util.Locale;

/** How long a virtual step is and how strongly the outer signal counts. */
public sealed interface Strength extends Serializable {

  /**
   * Factor of the gradient g in a virtual step.
   *
   * @param on the device that computes it
   */
  Scalar rate(Vectors on, Scalar gradientNorm);

  /**
   * Factor of the mixed term.
   *
   * @param on the device that computes it
   * @param rate of the first virtual step
   * @param innerNorm norm of the inner embedder gradient
   * @param mixedNorm norm of the embedder's mixed term
   */
  Scalar factor(Vectors on, Scalar rate, Scalar innerNorm, Scalar mixedNorm);

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
    public Scalar rate(Vectors on, Scalar gradientNorm) {
      return Scalar.of(alpha);
    }

    @Override
    public Scalar factor(Vectors on, Scalar rate, Scalar innerNorm, Scalar mixedNorm) {
      return on.times(rate, lambda);
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
    /** Keeps a vanished gradient from dividing by zero; adding it changes no other norm. */
    private static final double TINY = 1e-30;

    public Ratio {
      require(alpha, "ratio", ratio);
    }

    @Override
    public Scalar rate(Vectors on, Scalar gradientNorm) {
      return on.ratio(Scalar.of(alpha), on.sum(gradientNorm, Scalar.of(TINY)));
    }

    @Override
    public Scalar factor(Vectors on, Scalar rate, Scalar innerNorm, Scalar mixedNorm) {
      return on.ratio(on.times(innerNorm, ratio), mixedNorm);
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
