package dev.mona.sizing;

import dev.mona.weights.TextEncoderConfig;

/**
 * Floats in the buffers of one step, as measured on encoders of 2 to 6 layers and widths 24 to 384.
 * With batch {@code B}, tokens {@code T}, layers {@code L}, width {@code W}, feed-forward width
 * {@code F} and heads {@code H}:
 *
 * <pre>
 * forward(B, T) = B T (L (13 W + 3.3 F + 2.4 H T) + 13 W)
 * step(B, T)    = forward(B, T) + B T (8 W + 4 F + 3 H T)            forward and backward
 * mixed(B, T)   = B T (L (46 W + 17 F + 11 H T) + 50 W)              step, tangent, its backward
 * </pre>
 *
 * <p>A layer's forward pass keeps about 13 arrays of a token's width, three of the inner width and
 * two of attention weights for the way back; the backward pass holds those of one layer at a time.
 * Buffers are rounded up by at most an eighth. Encoders of one layer are overestimated by a
 * quarter, others are hit within 20 %.
 *
 * @param encoder its shape
 */
record StepBuffers(TextEncoderConfig encoder) {
  /** {@code SourceBatch} pads to multiples of this. */
  private static final int PADDING = 8;

  /** Buffers of a gradient of the task loss, and of the outer loss on source texts. */
  long step(int batch, int tokens) {
    double t = tokens;
    double w = encoder.hiddenWidth();
    double f = encoder.feedForwardWidth();
    double attention = encoder.heads() * t;
    double forward = encoder.layers() * (13 * w + 3.3 * f + 2.4 * attention) + 13 * w;
    return Math.round(batch * t * (forward + 8 * w + 4 * f + 3 * attention));
  }

  /** Buffers of a gradient and of the exact mixed derivative on the same tape. */
  long mixed(int batch, int tokens) {
    double t = tokens;
    double w = encoder.hiddenWidth();
    double layer = 46 * w + 17.0 * encoder.feedForwardWidth() + 11 * encoder.heads() * t;
    return Math.round(batch * t * (encoder.layers() * layer + 50 * w));
  }

  /**
   * Buffers of steps on source texts of several lengths: batches are padded to multiples of 8, and
   * those of one length do not serve another.
   *
   * @param from shortest length that occurs
   * @param to longest length that occurs
   */
  long steps(int batch, int from, int to) {
    long sum = step(batch, to);
    int longest = (to - 1) / PADDING * PADDING;
    for (int length = longest; length >= Math.max(PADDING, from); length -= PADDING) {
      sum += step(batch, length);
    }
    return sum;
  }
}
