package dev.mona.nn;

import dev.mona.autodiff.Variable;
import java.util.Locale;

/**
 * Recorded tokens of a batch: maps of {@code height x width} tokens, row by row; a text is a map of
 * height 1.
 *
 * @param values {@code [batch * height * width, W]}
 * @param batch samples
 * @param height tokens from top to bottom
 * @param width tokens from left to right
 */
public record Tokens(Variable values, int batch, int height, int width) {
  public Tokens {
    if (values.shape().length != 2 || values.shape()[0] != (long) batch * height * width) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d maps of %d x %d tokens are no %d rows",
              batch,
              height,
              width,
              values.shape()[0]));
    }
  }

  /** A batch of texts or series. */
  public static Tokens series(Variable values, int batch, int length) {
    return new Tokens(values, batch, 1, length);
  }

  /** Tokens of one sample. */
  public int size() {
    return height * width;
  }

  /** Other values on the same maps. */
  public Tokens with(Variable other) {
    return new Tokens(other, batch, height, width);
  }
}
