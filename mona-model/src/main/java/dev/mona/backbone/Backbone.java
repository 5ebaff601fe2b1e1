package dev.mona.backbone;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Dropout;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A pretrained encoder, f_theta: tokens to tokens. Holds shapes, not values. */
public interface Backbone extends Serializable {
  /** Width of a token that goes in, W; the same as behind the encoder where nothing is pooled. */
  default int inputWidth() {
    return width();
  }

  /** Width of a token that comes out, W'. */
  int width();

  /** The parameters theta: names as in its checkpoints, shapes and roles. */
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
}
