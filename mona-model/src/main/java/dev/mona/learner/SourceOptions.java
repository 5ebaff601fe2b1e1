package dev.mona.learner;

import dev.mona.objective.OuterOptions;
import java.io.Serializable;

/**
 * How a model is held against the source: in the bilevel alignment, in the replay of finetuning,
 * and by every method where what it keeps of the source is measured.
 *
 * @param classes source classes in a batch
 * @param samplesPerClass source samples a class, {@code >= 2} so that positives exist
 * @param outer the outer loss
 * @param gapStep length of the step of the forgetting gap
 * @param replay source batches in finetuning
 */
public record SourceOptions(
    int classes, int samplesPerClass, OuterOptions outer, double gapStep, Replay replay)
    implements Serializable {
  private static final int MOST_MEASURED = 64;

  public SourceOptions {
    if (classes < 2 || samplesPerClass < 2) {
      throw new IllegalArgumentException(
          "a source batch of "
              + classes
              + " classes x "
              + samplesPerClass
              + " samples has no positive or no negative pairs: use at least 2 of each");
    }
    if (!(gapStep > 0)) {
      throw new IllegalArgumentException("the step of the gap is " + gapStep + ", must be > 0");
    }
  }

  /** Samples of a source batch. */
  public int batch() {
    return classes * samplesPerClass;
  }

  /**
   * Samples that the encoder sees at once while it is measured: no more than in a source batch, so
   * that who makes these smaller to save memory does save it.
   */
  public int measuredAtOnce() {
    return Math.min(MOST_MEASURED, batch());
  }
}
