package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Consecutive entries of the first axis, without a copy: one of several stacked parameters. */
final class RowRange extends Operation {
  private final long from;
  private final long to;

  RowRange(long from, long to) {
    this.from = from;
    this.to = to;
  }

  private INDArray part(INDArray array) {
    return array.get(NDArrayIndex.interval(from, to));
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    return part(inputs[0].value());
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    if (!reverse.needs(inputs[0])) {
      return;
    }
    part(reverse.gradientOrZeros(inputs[0])).addi(gradient);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).rowRange(from, to);
  }
}
