package dev.mona.backbone;

import dev.mona.autodiff.Variable;
import dev.mona.nn.Leaves;
import dev.mona.tensor.ParameterLayout;
import org.jspecify.annotations.Nullable;

/** A pretrained encoder, f_theta: tokens to tokens. Holds shapes, not values. */
public sealed interface Backbone permits TextEncoder {
  /** Width of a token, W. */
  int width();

  /** The parameters theta, with Hugging Face's names. */
  ParameterLayout layout();

  /**
   * Records the encoder.
   *
   * @param tokens {@code [batch * length, W]}
   * @param length tokens of one sample
   * @param mask added to attention scores, {@code [batch, 1, 1, length]}; null to see every token
   * @return {@code [batch * length, W]}
   */
  Variable encode(Leaves parameters, Variable tokens, int length, @Nullable Variable mask);
}
