package dev.mona.learner;

import java.io.Serializable;

/**
 * What a method does in its stages.
 *
 * @param stages how each stage trains; one of no epochs is left out
 * @param alignment what the alignment minimises
 * @param scope what finetuning changes
 * @param dropout rate of dropout in finetuning, in [0, 1)
 */
public record StagePlan(Stages stages, Alignment alignment, FinetuneScope scope, double dropout)
    implements Serializable {
  public StagePlan {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("the rate of dropout must be in [0, 1): " + dropout);
    }
  }

  /** Whether there is an alignment by optimal transport. */
  public boolean transports() {
    return alignment instanceof Alignment.Transport && stages.alignment().epochs() > 0;
  }
}
