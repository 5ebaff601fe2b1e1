package dev.mona.metalearning;

import dev.mona.hypergradient.Estimator;
import java.io.Serializable;

/**
 * Constants of a meta-step.
 *
 * @param strength length of the virtual step and scale of the outer signal
 * @param estimator how the mixed term is computed
 * @param point where v is taken
 * @param headGradient what the head's gradient gets
 */
public record MetaStepOptions(
    Strength strength, Estimator estimator, OuterPoint point, HeadGradient headGradient)
    implements Serializable {

  /** Gradient of the head. */
  public enum HeadGradient {
    /** Inner loss only. */
    INNER,
    /** Inner loss and mixed term. */
    FULL
  }

  /** The same step with another strength. */
  public MetaStepOptions with(Strength other) {
    return new MetaStepOptions(other, estimator, point, headGradient);
  }
}
