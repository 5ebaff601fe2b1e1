package dev.mona.hypergradient;

import dev.mona.autodiff.Tape;
import dev.mona.nn.Leaves;
import dev.mona.objective.OuterLoss;

/** L_outer(theta) on one source batch. */
public interface OuterProblem {
  OuterLoss record(Tape tape, Leaves encoder);
}
