package dev.mona.sizing;

import dev.mona.backbone.Backbone;

/**
 * Buffers of encoders of images. A stage {@code s} has {@code T / 4^s} tokens of width {@code W
 * 2^s} and attends within windows.
 *
 * @param backbone its shape
 */
record ImageStepBuffers(Backbone backbone) implements StepBuffers {
  @Override
  public long step(int batch, int tokens) {
    return floats(batch, tokens, 1);
  }

  @Override
  public long mixed(int batch, int tokens) {
    return floats(batch, tokens, 4);
  }

  @Override
  public long outer(int batch, int from, int to) {
    return floats(batch, to, 1);
  }

  private long floats(int batch, int tokens, double factor) {
    return Math.round(factor * batch * tokens);
  }
}
