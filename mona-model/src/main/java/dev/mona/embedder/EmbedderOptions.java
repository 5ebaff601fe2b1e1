package dev.mona.embedder;

import java.io.Serializable;

/**
 * The 1-D target embedder: convolution of kernel and stride k, layer norm, position table.
 *
 * @param kernel k, a divisor of the input length; 0 to choose the smallest divisor i with {@code
 *     L/i <= targetLength}
 * @param targetLength largest number of tokens when {@code kernel} is 0
 * @param init how the parameters start
 */
public record EmbedderOptions(int kernel, int targetLength, Init init) implements Serializable {

  /** Initial values. */
  public enum Init {
    /** Layer norm and positions from the checkpoint, convolution Xavier-uniform. */
    PRETRAINED,
    /** Nothing from the checkpoint. */
    RANDOM
  }

  public EmbedderOptions {
    if (kernel < 0 || targetLength < 1) {
      throw new IllegalArgumentException("kernel must be >= 0 and target length >= 1");
    }
  }
}
