package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.EncoderConfig;
import dev.mona.weights.HieraConfig;
import dev.mona.weights.SwinConfig;
import dev.mona.weights.TextEncoderConfig;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A pretrained encoder, f_theta: tokens to tokens. Holds shapes, not values. */
public sealed interface Backbone extends Serializable
    permits TextEncoder, SwinTransformer, HieraTransformer {
  /** Its configuration, as in {@code config.json}. */
  EncoderConfig config();

  /** Width of a token that goes in, W. */
  int inputWidth();

  /** Width of a token that comes out, W'. */
  int width();

  /** The parameters theta, with the names of the checkpoint. */
  ParameterLayout layout();

  /**
   * Records the encoder.
   *
   * @param tokens of width W
   * @param mask of texts, added to attention scores, {@code [batch, 1, 1, length]}; null to see
   *     every token
   * @param dropout of what attention and feed-forward add to the tokens
   * @return tokens of width W', of images on a smaller map
   */
  Tokens encode(
      Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask, Dropout dropout);

  /** Records the encoder without dropout. */
  default Tokens encode(Tape tape, Leaves parameters, Tokens tokens, @Nullable Variable mask) {
    return encode(tape, parameters, tokens, mask, Dropout.NONE);
  }

  /**
   * The encoder of a configuration.
   *
   * @param window what Hiera's windows do on small maps; of no meaning to others
   */
  static Backbone of(EncoderConfig config, HieraTransformer.Window window) {
    if (config instanceof TextEncoderConfig text) {
      return new TextEncoder(text);
    }
    if (config instanceof SwinConfig swin) {
      return new SwinTransformer(swin);
    }
    return new HieraTransformer((HieraConfig) config, window);
  }
}
