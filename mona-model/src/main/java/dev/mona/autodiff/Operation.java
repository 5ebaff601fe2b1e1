package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One kind of node on a tape. An instance belongs to one node and may keep what reverse needs. */
abstract class Operation {

  /** The result, in a buffer of the arena or as a view of an input. */
  abstract INDArray forward(Arena arena, Variable... inputs);

  /**
   * The reverse rule: adds {@code (d output / d input)^T gradient} to the gradient of each input
   * that {@link Reverse#needs}.
   *
   * @param gradient gradient of the result; may be overwritten or donated
   */
  abstract void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs);

  /**
   * The forward-mode rule in tape operations.
   *
   * @param tangents tangent of each input, null for zero; at least one is not null
   * @return tangent of the output, null for zero
   */
  abstract @Nullable Variable tangent(
      Variable output, Variable[] inputs, @Nullable Variable[] tangents);
}
