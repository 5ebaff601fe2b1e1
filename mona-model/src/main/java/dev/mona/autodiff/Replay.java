package dev.mona.autodiff;

import dev.mona.compute.Function;
import dev.mona.compute.RowIndex;

/**
 * What becomes of the operations of a forward pass when {@link Tape#replay} tells them again:
 * another description of the same function. One method a kind of operation, with the meaning that
 * {@link Variable} gives it; operations that only derivatives record are not among them.
 *
 * @param <T> what stands for a value
 */
public interface Replay<T> {
  /** A value that does not depend on the input: a leaf, or what was computed from leaves alone. */
  T constant(Variable value);

  T add(T a, T b);

  T subtract(T a, T b);

  T multiply(T a, T b);

  T scale(T x, double factor);

  T shift(T x, double amount);

  T power(T x, double exponent);

  T map(T x, Function function);

  T matmul(T a, T b, boolean transposeA, boolean transposeB);

  T attentionScores(T queries, T keys, int heads, int length, double factor);

  T attentionMix(T weights, T values);

  T gatherRows(T x, RowIndex rows);

  T rowRange(T x, long from, long to);

  T groupMax(T x, int size);

  T softmax(T x);

  T logSoftmax(T x);

  T normalize(T x, double epsilon);

  T sumLast(T x);

  T reshape(T x, long... shape);

  T permute(T x, int... axes);
}
