package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;

/**
 * Adaptive average pooling of one axis as PyTorch defines it: output i of m is the mean of the
 * inputs {@code floor(i n / m)} to {@code ceil((i + 1) n / m) - 1} of n. Where n is less than m,
 * inputs are repeated.
 *
 * @param inputs n
 * @param outputs m
 */
public record AdaptivePooling(int inputs, int outputs) {
  /** The pooling as a constant matrix {@code [m, n]}. */
  public Variable matrix(Tape tape) {
    float[] weights = new float[Math.multiplyExact(outputs, inputs)];
    for (int i = 0; i < outputs; i++) {
      int start = (int) ((long) i * inputs / outputs);
      int end = (int) (((i + 1L) * inputs + outputs - 1) / outputs);
      for (int j = start; j < end; j++) {
        weights[i * inputs + j] = 1f / (end - start);
      }
    }
    return tape.constant(weights, outputs, inputs);
  }

  /** Pools the last axis of a matrix, {@code [N, n]} to {@code [N, m]}. */
  public Variable apply(Tape tape, Variable x) {
    return x.matmul(matrix(tape), false, true);
  }
}
