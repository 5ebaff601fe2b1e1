package dev.mona.learner;

import java.io.Serializable;

/**
 * Source replay in finetuning: some steps descend on {@code L_task + weight * L_outer}, with
 * L_outer on a source batch of their own, so that the encoder goes on seeing the source (experience
 * replay, Rolnick et al., NeurIPS 2019). It is ours, beside the paper, and serves every method
 * alike.
 *
 * @param weight of L_outer; 0 without replay
 * @param every a step of so many has it, counted from the start of the epoch
 */
public record Replay(double weight, int every) implements Serializable {
  /** Without replay. */
  public static final Replay NONE = new Replay(0, 1);

  public Replay {
    if (!(weight >= 0) || Double.isInfinite(weight) || every < 1) {
      throw new IllegalArgumentException(
          "the weight of the replay must be >= 0 and its steps >= 1: " + weight + ", " + every);
    }
  }

  /** Whether any step has it. */
  public boolean isOn() {
    return weight > 0;
  }

  /** Whether a local step has it. */
  boolean in(RoundWork work, int k) {
    return isOn() && work.stage() == Stage.FINETUNING && (work.steps().first() + k) % every == 0;
  }
}
