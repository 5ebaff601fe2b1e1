package dev.mona.weights;

import java.io.IOException;
import java.io.InputStream;
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
    require(vocabularySize, 1, 2_000_000, "vocabulary size");
    require(hiddenWidth, 1, 16_384, "hidden width");
    require(layers, 1, 256, "number of layers");
    require(heads, 1, 256, "number of heads");
    require(feedForwardWidth, 1, 65_536, "feed-forward width");
    require(maxPositions, 1, 1_048_576, "number of positions");
    require(tokenTypes, 1, 1024, "number of token types");
    require(positionOffset, 0, maxPositions - 1, "position offset");
    if (hiddenWidth % heads != 0) {
      throw new IllegalArgumentException(
          "hidden width " + hiddenWidth + " is no multiple of the " + heads + " heads");
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon <= 0.1)) {
      throw new IllegalArgumentException(
          "layer-norm epsilon " + layerNormEpsilon + " is not in (0, 0.1]");
    }
    if (kind == TextEncoderKind.BERT && positionOffset != 0) {
      throw new IllegalArgumentException("position offset of BERT is 0, not " + positionOffset);
    }
  }

  /** The most tokens a text can have, special tokens included. */
  public int maxTokens() {
    return maxPositions - positionOffset;
  }

  /**
   * Reads a Hugging Face config.json.
   *
   * @param in the file; not closed
   * @param where name of the file for messages
   * @throws dev.mona.MonaException of the category {@code WEIGHTS} when it is not that of a
   *     supported encoder
   */
  public static TextEncoderConfig read(InputStream in, String where) throws IOException {
    return ConfigJson.read(in, where);
  }

  /**
   * Writes a config.json that Hugging Face and {@link #read} understand; same config, same bytes.
   */
  public void write(OutputStream out) throws IOException {
    ConfigJson.write(this, out);
  }

  private static void require(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d is not in %d to %d".formatted(what, value, least, most));
    }
  }
}
