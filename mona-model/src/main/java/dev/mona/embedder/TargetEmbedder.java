package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;

/** A target embedder e_phi: samples to tokens. Holds shapes, not values. */
public sealed interface TargetEmbedder permits SequenceEmbedder, ImageEmbedder {
  /** The parameters phi. */
  ParameterLayout layout();

  /** Tokens of one sample. */
  int tokens();

  /**
   * Records the embedder.
   *
   * @param features of all samples, one after the other
   */
  Tokens embed(Tape tape, Leaves parameters, float[] features);
}
