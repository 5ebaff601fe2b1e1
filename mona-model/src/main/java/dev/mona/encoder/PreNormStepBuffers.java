package dev.mona.encoder;

/**
 * Buffers of pre-norm encoders of images, fitted to what steps of 28 encoders allocate (1 to 12
 * layers, widths 24 to 384, 10 to 197 tokens, with and without layer scale). With batch {@code B},
 * tokens {@code T}, layers {@code L}, width {@code W}, feed-forward width {@code F}, heads {@code
 * H} and {@code S} of 1 with layer scale and 0 without:
 *
 * <pre>
 * step    = B T (L (( 6.6 +  2.1 S) W +  3.3 F +  2.7 H T) + 20.2 W)
 * dropout = B T (L    4             W                      +  2   W), exactly
 * outer   = B T (L (( 5.9 +  2.1 S) W +  3.6 F +  2.7 H T) + 14.3 W)
 * mixed   = B T (L ((45   + 10.4 S) W + 12.4 F + 11.2 H T) + 37.4 W)
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
    return shape.floats(batch, tokens, scaled ? 55.4 : 45, 12.4, 11.2, 37.4);
  }

  @Override
  public long outer(int batch, int from, int to) {
    return shape.floats(batch, to, scaled ? 8 : 5.9, 3.6, 2.7, 14.3);
  }
}
