package dev.mona.nn;

import dev.mona.autodiff.RowIndex;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import java.util.Arrays;

/** What stands for a sample: one vector of its tokens. */
public enum Pooling {
  /** The mean of all tokens. */
  MEAN,
  /** The first token, a class token. */
  FIRST;

  /** {@code [batch * size, width]} to {@code [batch, width]}. */
  public Variable of(Tape tape, Tokens tokens) {
    int[] lengths = new int[tokens.batch()];
    Arrays.fill(lengths, tokens.size());
    return of(tape, tokens, lengths);
  }

  /** The same, of the first {@code lengths[i]} tokens of sample i. */
  public Variable of(Tape tape, Tokens tokens, int[] lengths) {
    return switch (this) {
      case MEAN -> mean(tape, tokens.values(), tokens.size(), lengths);
      case FIRST -> first(tokens);
    };
  }

  private static Variable first(Tokens tokens) {
    int[] rows = new int[tokens.batch()];
    Arrays.setAll(rows, i -> i * tokens.size());
    return tokens.values().gatherRows(new RowIndex(rows));
  }

  /** The mean over the first {@code lengths[i]} tokens of sample i, of {@code length} each. */
  static Variable mean(Tape tape, Variable tokens, int length, int[] lengths) {
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
