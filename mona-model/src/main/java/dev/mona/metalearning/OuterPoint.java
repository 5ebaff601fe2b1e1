package dev.mona.metalearning;

import java.io.Serializable;

/** Where the outer gradient v is taken. */
public sealed interface OuterPoint extends Serializable {

  /** Virtual steps that are unrolled, S; 0 where v is taken at theta_0. */
  int steps();

  /** Target batches whose gradients make them: one for all, or one each. */
  int batches();

  /**
   * Whether a batch needs an outer gradient of its own.
   *
   * @param step optimizer steps of the round before this one
   * @param first whether it is the first batch of its step
   */
  boolean anew(int step, boolean first);

  /**
   * At theta_S, after virtual steps along gradients of the target.
   *
   * @param steps how many are unrolled
   * @param newBatches whether each takes a target batch of its own, as those of finetuning would;
   *     otherwise all take the first
   */
  record Virtual(int steps, boolean newBatches) implements OuterPoint {
    public Virtual {
      if (steps < 1) {
        throw new IllegalArgumentException("virtual steps are " + steps + ", must be >= 1");
      }
    }

    /** All along the gradient of one batch. */
    public Virtual(int steps) {
      this(steps, false);
    }

    @Override
    public int batches() {
      return newBatches ? steps : 1;
    }

    @Override
    public boolean anew(int step, boolean first) {
      return true;
    }
  }

  /**
   * At theta_0: one virtual step to the first order in its length. v does not depend on the target
   * batch and can serve several.
   *
   * @param reuse optimizer steps that share one outer gradient
   */
  record Pretrained(int reuse) implements OuterPoint {
    public Pretrained {
      if (reuse < 1) {
        throw new IllegalArgumentException("outer gradient reuse is " + reuse + ", must be >= 1");
      }
    }

    @Override
    public int steps() {
      return 0;
    }

    @Override
    public int batches() {
      return 1;
    }

    @Override
    public boolean anew(int step, boolean first) {
      return first && step % reuse == 0;
    }
  }
}
