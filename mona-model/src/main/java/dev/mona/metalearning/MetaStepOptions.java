package dev.mona.metalearning;

import dev.mona.hypergradient.Estimator;
import java.util.Locale;

/**
 * Constants of a meta-step; symbols as in the paper.
 *
 * @param alpha length of the virtual step
 * @param normalized whether the virtual step has the fixed length alpha and the mixed term is
 *     scaled to {@code strength} times the norm of the inner embedder gradient; otherwise alpha
 *     multiplies the gradient and {@code strength} is lambda
 * @param strength ratio or lambda
 * @param estimator of the mixed term
 * @param innerSteps virtual steps, S
 * @param headMixed whether the head's gradient gets the mixed term too
 */
public record MetaStepOptions(
    double alpha,
    boolean normalized,
    double strength,
    Estimator estimator,
    int innerSteps,
    boolean headMixed) {
  public MetaStepOptions {
    if (!(alpha > 0) || !(strength >= 0) || innerSteps < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "alpha %s must be > 0, strength %s >= 0 and inner steps %d >= 1",
              alpha,
              strength,
              innerSteps));
    }
  }
}
