package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.tensor.ParameterSet;

/**
 * The parameters of all groups as leaves of one tape.
 *
 * @param embedder phi
 * @param encoder theta
 * @param head h
 */
public record LeafSet(Leaves embedder, Leaves encoder, Leaves head) {
  public static LeafSet of(Tape tape, ParameterSet parameters) {
    return new LeafSet(
        Leaves.of(tape, parameters.embedder()),
        Leaves.of(tape, parameters.encoder()),
        Leaves.of(tape, parameters.head()));
  }
}
