package dev.mona.metalearning;

import dev.mona.hypergradient.InnerProblem;
import dev.mona.hypergradient.OuterProblem;
import java.util.List;

/** What the outer objective of a step is taken on. */
public sealed interface OuterSide {

  /**
   * L_outer on source batches.
   *
   * @param batches as many as the options of the step say
   */
  record Source(List<OuterProblem> batches) implements OuterSide {}

  /**
   * The task loss of a target batch that no virtual step has seen, with the same embedder and head:
   * MeRLin's objective (Liu et al. 2020, arXiv 2011.01418), one step of the encoder in place of a
   * head that is fitted.
   *
   * @param batch the loss, of phi, theta and h
   */
  record HeldOut(InnerProblem batch) implements OuterSide {}

  /**
   * An outer gradient that the step took at theta_0 before.
   *
   * @param gradient whose v it takes
   */
  record Known(OuterGradient gradient) implements OuterSide {}
}
