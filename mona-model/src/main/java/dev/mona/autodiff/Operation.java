package dev.mona.autodiff;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One kind of node on a tape. An instance belongs to one node and may keep what reverse needs. */
abstract class Operation {

  /** The result, in a buffer of the arena or as a view of an input. */
  abstract Array forward(Arena arena, Variable... inputs);

  /**
   * The reverse rule: adds {@code (d output / d input)^T gradient} to the gradient of each input
   * that {@link Reverse#needs}.
   *
   * @param gradient gradient of the result; overwritten or donated where {@link #linear}; else what
   *     may be is {@link Reverse#room}
   */
  abstract void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs);

  /**
   * The forward-mode rule in tape operations.
   *
   * @param tangents tangent of each input, null for zero; at least one is not null
   * @return tangent of the output, null for zero
   */
  abstract @Nullable Variable tangent(
      Variable output, Variable[] inputs, @Nullable Variable[] tangents);

  /**
   * The same operation of a {@link Replay}.
   *
   * @throws UnsupportedOperationException by name, of an operation that no forward pass records
   */
  <T> T replay(Replay<T> to, List<T> inputs) {
    throw new UnsupportedOperationException(
        "an operation of derivatives has no other form: " + getClass().getSimpleName());
  }

  /**
   * Whether the tangent depends on the tangents of the inputs alone. The gradient of the result is
   * then of no use to the derivative of the tangent, and its memory may be donated.
   */
  boolean linear() {
    return false;
  }

  /** The shape with the last axis of size 1. */
  static long[] reduced(long... shape) {
    long[] reduced = shape.clone();
    reduced[reduced.length - 1] = 1;
    return reduced;
  }
}
