package dev.mona.embedder;

import java.io.Serializable;

/**
 * The target embedder.
 *
 * @param kernel k, a divisor of the input length; 0 to choose the smallest divisor i with {@code
 *     L/i <= targetLength}; of series
 * @param targetLength largest number of tokens when {@code kernel} is 0
 * @param init how the parameters start
 */
public record EmbedderOptions(int kernel, int targetLength, Init init) implements Serializable {

  /** Initial values. */
  public enum Init {
    /** What fits from the checkpoint: layer norm and positions, of images the convolution too. */
    PRETRAINED,
    /** Nothing from the checkpoint. */
    RANDOM
  }

  /** The same shape with nothing from the checkpoint. */
  public EmbedderOptions random() {
    return new EmbedderOptions(kernel, targetLength, Init.RANDOM);
  }

  public EmbedderOptions {
    if (kernel < 0 || targetLength < 1) {
      throw new IllegalArgumentException("kernel must be >= 0 and target length >= 1");
    }
  }
}
