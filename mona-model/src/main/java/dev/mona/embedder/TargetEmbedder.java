package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
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
   * What the convolution sees of samples, a row a token: resized and cut up on the host.
   *
   * @param features of all samples, one after the other
   * @return {@code [batch * tokens, values of a kernel]}, a leaf
   */
  Variable patches(Tape tape, float[] features);

  /**
   * Records what follows.
   *
   * @param patches of {@link #patches}
   */
  Tokens embed(Leaves parameters, Variable patches);

  /**
   * Records the embedder.
   *
   * @param features of all samples, one after the other
   */
  default Tokens embed(Tape tape, Leaves parameters, float[] features) {
    return embed(parameters, patches(tape, features));
  }
}
