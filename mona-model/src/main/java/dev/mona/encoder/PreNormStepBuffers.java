package dev.mona.encoder;

/**
 * Buffers of pre-norm encoders of images, fitted to what steps of 28 to 30 encoders allocate (1 to
 * 12 layers, widths 24 to 384, 10 to 197 tokens, with and without layer scale). With batch {@code
 * B}, tokens {@code T}, layers {@code L}, width {@code W}, feed-forward width {@code F}, heads
 * {@code H} and {@code S} of 1 with layer scale and 0 without:
 *
 * <pre>
 * step    = B T (L (( 6.6 +  2.1 S) W +  3.3 F +  2.7 H T) + 20.2 W)
 * dropout = B T (L    4             W                      +  2   W), exactly
 * outer   = B T (L (( 5.9 +  2.1 S) W +  3.6 F +  2.7 H T) + 14.3 W)
 * mixed   = B T (L ((30.1 +  6.7 S) W +  7.0 F +  7.1 H T) + 26.2 W)
 * </pre>
 *
 * <p>The fit is within 10 %.
 *
 * @param shape of the encoder
 * @param scaled whether there is layer scale
 */
record PreNormStepBuffers(TransformerShape shape, boolean scaled) implements StepBuffers {

  @Override
  public long step(int batch, int tokens) {
    return shape.floats(batch, tokens, scaled ? 8.7 : 6.6, 3.3, 2.7, 20.2);
  }

  @Override
  public long dropout(int batch, int tokens) {
    return shape.floats(batch, tokens, 4, 0, 0, 2);
  }

  @Override
  public long mixed(int batch, int tokens) {
    return shape.floats(batch, tokens, scaled ? 36.8 : 30.1, 7.0, 7.1, 26.2);
  }

  @Override
  public long outer(int batch, int from, int to) {
    return shape.floats(batch, to, scaled ? 8 : 5.9, 3.6, 2.7, 14.3);
  }
}
