package dev.mona.onnx;

import dev.mona.autodiff.Variable;
import org.jspecify.annotations.Nullable;

/**
 * A value of the graph.
 *
 * @param name of what follows from the input, with an axis of samples in front; empty of a constant
 * @param constant what does not follow from the input; null of what does
 * @param shape of one sample, as the tape has it for a batch of one
 */
record OnnxValue(String name, @Nullable Variable constant, long... shape) {
  static OnnxValue of(String name, long... shape) {
    return new OnnxValue(name, null, shape);
  }

  static OnnxValue of(Variable constant) {
    return new OnnxValue("", constant, constant.shape());
  }

  int rank() {
    return shape.length;
  }

  long size(int axis) {
    return shape[axis < 0 ? axis + rank() : axis];
  }
}
