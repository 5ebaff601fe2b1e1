package dev.mona.learner;

import dev.mona.hypergradient.Estimator;
import dev.mona.objective.OuterOptions;
import java.io.Serializable;

/**
 * Settings of the alignment stage beyond those of every stage. Symbols as in the paper.
 *
 * @param stage epochs, batch and optimizer
 * @param objective what is minimised; all but {@code stage} and {@code transport} belongs to
 *     BILEVEL
 * @param alpha length of the virtual step (alpha): a factor of the gradient in mode LAMBDA, the
 *     step's own length in mode RATIO
 * @param strength how the outer signal is scaled
 * @param lambda weight of the outer loss, used in mode LAMBDA
 * @param ratio norm of the mixed term over the norm of the inner embedder gradient, used in mode
 *     RATIO; 0 switches the outer signal off
 * @param estimator how the mixed term is computed
 * @param innerSteps virtual steps unrolled
 * @param outer the outer objective
 * @param sourceClasses source classes in a batch
 * @param samplesPerClass source samples a class, {@code >= 2} so that positives exist
 * @param outerGradientReuse target batches that share one outer gradient (GRADIENT_ALIGNMENT)
 * @param headGradient whether the head gets the mixed term too
 * @param shuffledSourceLabels control: source labels permuted over the texts
 * @param transport settings of TRANSPORT
 */
public record AlignmentOptions(
    StageOptions stage,
    Objective objective,
    double alpha,
    Strength strength,
    double lambda,
    double ratio,
    Estimator estimator,
    int innerSteps,
    OuterOptions outer,
    int sourceClasses,
    int samplesPerClass,
    int outerGradientReuse,
    HeadGradient headGradient,
    boolean shuffledSourceLabels,
    TransportOptions transport)
    implements Serializable {

  /** What the stage minimises. */
  public enum Objective {
    /** MoNA: task loss and outer loss after a virtual step; trains embedder and head. */
    BILEVEL,
    /** ORCA: optimal transport distance of embedded target to source; trains the embedder. */
    TRANSPORT
  }

  /** How the outer signal is scaled. */
  public enum Strength {
    /** The paper's formula: {@code L_inner + lambda * L_outer(theta - alpha * g)}. */
    LAMBDA,
    /** Unit-length virtual step direction, mixed term scaled to a ratio of the inner gradient. */
    RATIO
  }

  /** Gradient of the head during alignment. */
  public enum HeadGradient {
    /** Inner loss only. */
    INNER,
    /** Inner loss and mixed term. */
    FULL
  }

  private static final int MOST_MEASURED = 64;

  public AlignmentOptions {
    if (!(alpha > 0) || !(lambda >= 0) || !(ratio >= 0)) {
      throw new IllegalArgumentException("alpha must be > 0, lambda and ratio >= 0");
    }
    if (innerSteps < 1 || outerGradientReuse < 1) {
      throw new IllegalArgumentException("inner steps and outer gradient reuse must be >= 1");
    }
    if (sourceClasses < 2 || samplesPerClass < 2) {
      throw new IllegalArgumentException(
          "a source batch of "
              + sourceClasses
              + " classes x "
              + samplesPerClass
              + " samples has no positive or no negative pairs: use at least 2 of each");
    }
  }

  /** Samples of a source batch. */
  public int sourceBatch() {
    return sourceClasses * samplesPerClass;
  }

  /**
   * Samples that the encoder sees at once while it is measured: no more than in a source batch, so
   * that who makes these smaller to save memory does save it.
   */
  public int measuredAtOnce() {
    return Math.min(MOST_MEASURED, sourceBatch());
  }
}
