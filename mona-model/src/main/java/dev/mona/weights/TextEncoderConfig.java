package dev.mona.weights;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Shape of a pretrained text encoder: learned absolute positions, post-norm layers, exact GELU.
 *
 * @param kind BERT or RoBERTa
 * @param vocabularySize number of word pieces
 * @param hiddenWidth width of a token, a multiple of {@code heads}
 * @param layers number of encoder layers
 * @param heads attention heads of a layer
 * @param feedForwardWidth inner width of the feed-forward block
 * @param maxPositions rows of the position table, those before the offset included
 * @param tokenTypes rows of the token-type table
 * @param layerNormEpsilon added to the variance in every layer norm
 * @param positionOffset row of the position table of the first token: 0 for BERT, padding id + 1
 *     for RoBERTa
 */
public record TextEncoderConfig(
    TextEncoderKind kind,
    int vocabularySize,
    int hiddenWidth,
    int layers,
    int heads,
    int feedForwardWidth,
    int maxPositions,
    int tokenTypes,
    double layerNormEpsilon,
    int positionOffset)
    implements EncoderConfig {
  public TextEncoderConfig {
    Sizes.require(vocabularySize, 1, 2_000_000, "vocabulary size");
    Sizes.require(hiddenWidth, 1, 16_384, "hidden width");
    Sizes.require(layers, 1, 256, "number of layers");
    Sizes.require(heads, 1, 256, "number of heads");
    Sizes.require(feedForwardWidth, 1, 65_536, "feed-forward width");
    Sizes.require(maxPositions, 1, 1_048_576, "number of positions");
    Sizes.require(tokenTypes, 1, 1024, "number of token types");
    Sizes.require(positionOffset, 0, maxPositions - 1, "position offset");
    Sizes.requireMultiple(hiddenWidth, heads);
    Sizes.requireEpsilon(layerNormEpsilon);
    if (kind == TextEncoderKind.BERT && positionOffset != 0) {
      throw new IllegalArgumentException("position offset of BERT is 0, not " + positionOffset);
    }
  }

  /** The most tokens a text can have, special tokens included. */
  public int maxTokens() {
    return maxPositions - positionOffset;
  }

  /** Writes a config.json that Hugging Face understands too. */
  @Override
  public void write(OutputStream out) throws IOException {
    TextConfigJson.write(this, out);
  }

  @Override
  public EncoderNames names() {
    return new TextEncoderNames(this);
  }
}
