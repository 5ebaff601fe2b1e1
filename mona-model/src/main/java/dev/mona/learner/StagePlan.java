package dev.mona.learner;

import java.io.Serializable;

/**
 * What a method does in its stages.
 *
 * @param stages how each stage trains; one of no epochs is left out
 * @param alignment what the alignment minimises
 * @param finetuning how the encoder is finetuned
 */
public record StagePlan(Stages stages, Alignment alignment, FinetuningOptions finetuning)
    implements Serializable {

  /** Whether there is an alignment by optimal transport. */
  public boolean transports() {
    return alignment instanceof Alignment.Transport && stages.alignment().epochs() > 0;
  }
}
