package dev.mona.sizing;

import dev.mona.backbone.Backbone;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.tensor.ParameterGroup;

/**
 * Sizes of a model, in values of 4 bytes.
 *
 * @param backbone layers, widths and heads of the encoder
 * @param embedderParameters parameters of e_phi
 * @param encoderParameters parameters of f_theta
 * @param headParameters parameters of h
 * @param tokens tokens of a target sample
 * @param sourceTokens most tokens of a source sample
 * @param tables values of the source embedder
 * @param source bytes of all source samples, those of the probe included
 */
public record ModelShape(
    Backbone backbone,
    long embedderParameters,
    long encoderParameters,
    long headParameters,
    int tokens,
    int sourceTokens,
    long tables,
    long source) {

  /** The shape of a network. */
  public static ModelShape of(
      Network network, PretrainedWeights weights, int sourceTokens, long source) {
    return new ModelShape(
        network.backbone(),
        network.layout(ParameterGroup.EMBEDDER).length(),
        network.layout(ParameterGroup.ENCODER).length(),
        network.layout(ParameterGroup.HEAD).length(),
        network.embedder().tokens(),
        sourceTokens,
        weights.embeddings().values().stream().mapToLong(t -> t.values().length).sum(),
        source);
  }

  /** All parameters that train in finetuning. */
  public long parameters() {
    return embedderParameters + encoderParameters + headParameters;
  }
}
