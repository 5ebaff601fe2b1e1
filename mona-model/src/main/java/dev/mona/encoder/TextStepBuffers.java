package dev.mona.encoder;

/**
 * Buffers of text encoders, fitted to what steps of 11 encoders allocate (1 to 6 layers, widths 24
 * to 384). With batch {@code B}, tokens {@code T}, layers {@code L}, width {@code W}, feed-forward
 * width {@code F} and heads {@code H}:
 *
 * <pre>
 * step(B, T)  = B T (L ( 9.8 W +  2.7 F +  2.3 H T) + 15 W)    gradient of the task loss
 * dropout     = B T (L    4  W                      +  2 W)    exactly
 * outer(B, T) = B T (L (11.8 W +  2.3 F +  3.5 H T) + 11 W)    gradient of the outer loss, masked
 * mixed(B, T) = B T (L (29.2 W +  7.6 F +  7.4 H T) + 19 W)    step, tangent, and its gradient
 * </pre>
 *
 * <p>A layer's forward pass keeps about 10 arrays of a token's width, two of the inner width and
 * two of attention weights for the way back; the backward pass holds those of one layer at a time.
 * Buffers are rounded up by at most an eighth. The fit is within 7 %.
 *
 * @param shape of the encoder
 */
record TextStepBuffers(TransformerShape shape) implements StepBuffers {
  /** {@code TextBatch} pads to multiples of this. */
  private static final int PADDING = 8;

  @Override
  public long step(int batch, int tokens) {
    return shape.floats(batch, tokens, 9.8, 2.7, 2.3, 15);
  }

  @Override
  public long dropout(int batch, int tokens) {
    return shape.floats(batch, tokens, 4, 0, 0, 2);
  }

  @Override
  public long mixed(int batch, int tokens) {
    return shape.floats(batch, tokens, 29.2, 7.6, 7.4, 19.4);
  }

  /**
   * Buffers of steps on source texts of several lengths: batches are padded to multiples of 8, and
   * those of one length do not serve another.
   */
  @Override
  public long outer(int batch, int from, int to) {
    long sum = outer(batch, to);
    int longest = (to - 1) / PADDING * PADDING;
    for (int length = longest; length >= Math.max(PADDING, from); length -= PADDING) {
      sum += outer(batch, length);
    }
    return sum;
  }

  private long outer(int batch, int tokens) {
    return shape.floats(batch, tokens, 11.8, 2.3, 3.5, 11);
  }
}
