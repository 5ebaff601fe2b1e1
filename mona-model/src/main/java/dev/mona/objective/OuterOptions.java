package dev.mona.objective;

import java.io.Serializable;

/**
 * The outer objective on source representations.
 *
 * @param kind which loss
 * @param temperature t of the uniformity loss, 2 in the paper's definition
 * @param tau temperature of the supervised contrastive loss
 */
public record OuterOptions(Kind kind, double temperature, double tau) implements Serializable {

  /** Outer losses. */
  public enum Kind {
    /** Alignment of same-class pairs plus uniformity of all pairs. */
    ALIGNMENT_UNIFORMITY,
    /** Alignment of same-class pairs alone. */
    ALIGNMENT,
    /** Uniformity of all pairs alone. */
    UNIFORMITY,
    /** Supervised contrastive loss. */
    SUPERVISED_CONTRASTIVE
  }

  public OuterOptions {
    if (!(temperature > 0) || !(tau > 0)) {
      throw new IllegalArgumentException(
          "temperatures are " + temperature + " and " + tau + ", must be > 0");
    }
  }
}
