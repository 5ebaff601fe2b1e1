package dev.mona.metalearning;

import dev.mona.hypergradient.Estimator;
import java.io.Serializable;

/**
 * Constants of a meta-step.
 *
 * @param strength length of the virtual step and scale of the outer signal
 * @param estimator how the mixed term is computed
 * @param virtual the virtual steps
 * @param headGradient what the head's gradient gets
 * @param outer what the outer objective is taken on
 */
public record MetaStepOptions(
    Strength strength,
    Estimator estimator,
    VirtualSteps virtual,
    HeadGradient headGradient,
    OuterData outer)
    implements Serializable {
  public MetaStepOptions {
    if (outer instanceof OuterData.HeldOut && virtual.point().steps() == 0) {
      throw new IllegalArgumentException(
          "the outer gradient on a target batch depends on the embedder: take it behind a virtual"
              + " step");
    }
  }

  /** Plain virtual steps, and source batches as many as there are. */
  public MetaStepOptions(
      Strength strength,
      Estimator estimator,
      OuterPoint point,
      HeadGradient headGradient,
      int sourceBatches) {
    this(
        strength,
        estimator,
        new VirtualSteps(point, null),
        headGradient,
        new OuterData.Source(sourceBatches));
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
    /** Inner loss and what the outer objective adds. */
    FULL
  }

  /** Where v is taken. */
  public OuterPoint point() {
    return virtual.point();
  }

  /** The same step with another strength. */
  public MetaStepOptions with(Strength other) {
    return new MetaStepOptions(other, estimator, virtual, headGradient, outer);
  }

  /** The same step with another outer objective. */
  public MetaStepOptions with(OuterData other) {
    return new MetaStepOptions(strength, estimator, virtual, headGradient, other);
  }

  /** The same step with virtual steps by Adam's diagonal. */
  public MetaStepOptions with(Preconditioning other) {
    VirtualSteps steps = new VirtualSteps(point(), other);
    return new MetaStepOptions(strength, estimator, steps, headGradient, outer);
  }

  /** Target batches that a step needs beside the one whose gradient it adds. */
  public int moreTargetBatches() {
    return point().batches() - 1 + (outer instanceof OuterData.HeldOut ? 1 : 0);
  }

  /** Length of the state of an encoder of {@code n} parameters; 0 where there is none. */
  public long stateLength(long n) {
    return virtual.preconditioning() == null ? 0 : Preconditioner.stateLength(n);
  }
}
