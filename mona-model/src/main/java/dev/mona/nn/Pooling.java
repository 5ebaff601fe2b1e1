package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import java.util.Arrays;

/** Mean over the tokens of each sample. */
public final class Pooling {
  private Pooling() {}

  /** {@code [batch * length, width]} to {@code [batch, width]}. */
  public static Variable mean(Tape tape, Variable tokens, int length) {
    int batch = Math.toIntExact(tokens.shape()[0] / length);
    int[] lengths = new int[batch];
    Arrays.fill(lengths, length);
    return mean(tape, tokens, length, lengths);
  }

  /** Mean over the first {@code lengths[i]} tokens of sample i. */
  public static Variable mean(Tape tape, Variable tokens, int length, int[] lengths) {
    int batch = lengths.length;
    int columns = Math.multiplyExact(batch, length);
    float[] weights = new float[Math.multiplyExact(batch, columns)];
    for (int i = 0; i < batch; i++) {
      int start = i * columns + i * length;
      Arrays.fill(weights, start, start + lengths[i], 1f / lengths[i]);
    }
    return tape.constant(weights, batch, columns).matmul(tokens, false, false);
  }
}
