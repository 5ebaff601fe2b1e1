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
 * @param sourceBatches source batches of a step, whose mean gradient is v: 1, or an even number, so
 *     that its halves can be compared
 */
public record MetaStepOptions(
    Strength strength,
    Estimator estimator,
    OuterPoint point,
    HeadGradient headGradient,
    int sourceBatches)
    implements Serializable {
  public MetaStepOptions {
    if (sourceBatches < 1 || (sourceBatches > 1 && sourceBatches % 2 == 1)) {
      throw new IllegalArgumentException(
          "source batches are " + sourceBatches + ", must be 1 or an even number");
    }
  }

  /** One source batch a step. */
  public MetaStepOptions(
      Strength strength, Estimator estimator, OuterPoint point, HeadGradient headGradient) {
    this(strength, estimator, point, headGradient, 1);
  }

  /** Gradient of the head. */
  public enum HeadGradient {
    /** Inner loss only. */
    INNER,
    /** Inner loss and mixed term. */
    FULL
  }

  /** The same step with another strength. */
  public MetaStepOptions with(Strength other) {
    return new MetaStepOptions(other, estimator, point, headGradient, sourceBatches);
  }
}
