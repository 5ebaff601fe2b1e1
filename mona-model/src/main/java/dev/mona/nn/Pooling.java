package dev.mona.nn;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import java.util.Arrays;

/** What stands for a sample: one vector made of its tokens. */
public enum Pooling {
  /** The mean of all tokens, those before the map among them. */
  MEAN(1),
  /** The first token, a class token. */
  FIRST(1),
  /** The first two tokens side by side, a class token and a distillation token. */
  FIRST_TWO(2),
  /** The first token beside the mean of the map. */
  FIRST_AND_MAP(2);

  private final int parts;

  Pooling(int parts) {
    this.parts = parts;
  }

  /** Vectors of the width of a token that stand side by side. */
  public int parts() {
    return parts;
  }

  /** {@code [batch * size, width]} to {@code [batch, parts * width]}. */
  public Variable of(Tape tape, Tokens tokens) {
    int[] lengths = new int[tokens.batch()];
    Arrays.fill(lengths, tokens.size());
    return of(tape, tokens, lengths);
  }

  /** The same, of the first {@code lengths[i]} tokens of sample i. */
  public Variable of(Tape tape, Tokens tokens, int[] lengths) {
    return switch (this) {
      case MEAN -> mean(tape, tokens.values(), tokens.size(), lengths);
      case FIRST, FIRST_TWO -> first(tokens);
      case FIRST_AND_MAP -> firstAndMap(tape, tokens);
    };
  }

  private Variable first(Tokens tokens) {
    int[] rows = new int[tokens.batch() * parts];
    Arrays.setAll(rows, i -> i / parts * tokens.size() + i % parts);
    return sideBySide(tokens, tokens.values().gatherRows(new RowIndex(rows)));
  }

  private Variable firstAndMap(Tape tape, Tokens tokens) {
    int size = tokens.size();
    int columns = Math.multiplyExact(tokens.batch(), size);
    float[] weights = new float[Math.multiplyExact(parts * tokens.batch(), columns)];
    for (int i = 0; i < tokens.batch(); i++) {
      int token = parts * i * columns + i * size;
      weights[token] = 1;
      int map = token + columns + tokens.prefix();
      Arrays.fill(weights, map, token + columns + size, 1f / (size - tokens.prefix()));
    }
    Variable matrix = tape.constant(weights, (long) parts * tokens.batch(), columns);
    return sideBySide(tokens, matrix.matmul(tokens.values(), false, false));
  }

  /** {@code [batch * parts, width]} to {@code [batch, parts * width]}. */
  private Variable sideBySide(Tokens tokens, Variable rows) {
    return rows.reshape(tokens.batch(), parts * rows.shape()[1]);
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
