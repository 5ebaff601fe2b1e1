package dev.mona.sizing;

import dev.mona.encoder.StepBuffers;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.tensor.ParameterGroup;

/**
 * Sizes of a model, in values of 4 bytes.
 *
 * @param buffers of its steps
 * @param parameters of each group
 * @param tokens of a sample
 * @param tables values of the source embedder
 * @param source bytes of all source samples, those of the probe included
 */
public record ModelShape(
    StepBuffers buffers, Groups parameters, Tokens tokens, long tables, long source) {

  /**
   * Parameters of each group.
   *
   * @param embedder of e_phi
   * @param encoder of f_theta
   * @param adapters that are trained in place of f_theta; 0 where there are none
   * @param head of h
   */
  public record Groups(long embedder, long encoder, long adapters, long head) {
    /** What trains before finetuning. */
    long small() {
      return embedder + head;
    }

    /** What trains in finetuning. */
    long finetuned() {
      return small() + (adapters == 0 ? encoder : adapters);
    }

    /** The model without adapters. */
    long all() {
      return embedder + encoder + head;
    }
  }

  /**
   * Tokens of a sample.
   *
   * @param target of a target sample
   * @param source most tokens of a source sample
   */
  public record Tokens(int target, int source) {}

  /**
   * The shape of a network.
   *
   * @param adapters parameters that are trained in place of the encoder; 0 where there are none
   */
  public static ModelShape of(
      Network network, PretrainedWeights weights, long adapters, int sourceTokens, long source) {
    return new ModelShape(
        network.encoder().buffers(),
        new Groups(
            network.layout(ParameterGroup.EMBEDDER).length(),
            network.layout(ParameterGroup.ENCODER).length(),
            adapters,
            network.layout(ParameterGroup.HEAD).length()),
        new Tokens(network.embedder().tokens(), sourceTokens),
        weights.shape().embeddings().length(),
        source);
  }
}
