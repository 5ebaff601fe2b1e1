package dev.mona.sizing;

import dev.mona.network.Network;
import dev.mona.tensor.ParameterGroup;
import dev.mona.weights.TextEncoderConfig;

/**
 * Sizes of a model, in values of 4 bytes.
 *
 * @param encoder layers, widths and heads of the encoder
 * @param embedderParameters parameters of e_phi
 * @param encoderParameters parameters of f_theta
 * @param headParameters parameters of h
 * @param tokens tokens of a target sample
 * @param sourceTokens most tokens of a source text
 * @param texts token ids of all source texts, those of the probe included
 */
public record ModelShape(
    TextEncoderConfig encoder,
    long embedderParameters,
    long encoderParameters,
    long headParameters,
    int tokens,
    int sourceTokens,
    long texts) {

  /** The shape of a network. */
  public static ModelShape of(
      Network network, TextEncoderConfig encoder, int sourceTokens, long texts) {
    return new ModelShape(
        encoder,
        network.layout(ParameterGroup.EMBEDDER).length(),
        network.layout(ParameterGroup.ENCODER).length(),
        network.layout(ParameterGroup.HEAD).length(),
        network.embedder().tokens(),
        sourceTokens,
        texts);
  }

  /** All parameters that train in finetuning. */
  public long parameters() {
    return embedderParameters + encoderParameters + headParameters;
  }

  /** Tables of the source embedder: words, positions, and three rows. */
  long tables() {
    return (encoder.vocabularySize() + (long) encoder.maxPositions() + 3) * encoder.hiddenWidth();
  }
}
