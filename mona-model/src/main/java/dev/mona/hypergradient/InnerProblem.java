package dev.mona.hypergradient;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.LeafSet;

/** L_inner(phi, h, theta) on one target batch. */
public interface InnerProblem {
  /** Records the loss, shape {@code [1]}. */
  Variable record(Tape tape, LeafSet parameters);
}
