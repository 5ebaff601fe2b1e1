package dev.mona.encoder;

/** Floats in the buffers of one step. */
public interface StepBuffers {
  /** Buffers of a gradient of the task loss. */
  long step(int batch, int tokens);

  /** Buffers that dropout adds to it: a mask and a product at each place. */
  long dropout(int batch, int tokens);

  /** Buffers of a gradient and of the exact mixed derivative on the same tape. */
  long mixed(int batch, int tokens);

  /**
   * Buffers of gradients of the outer loss.
   *
   * @param from fewest tokens of a sample that occur
   * @param to most tokens of a sample that occur
   */
  long outer(int batch, int from, int to);
}
