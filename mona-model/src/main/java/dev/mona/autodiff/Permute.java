package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Axes in a new order, copied row-major. */
final class Permute extends Operation {
  private final int[] axes;

  Permute(int... axes) {
    this.axes = axes.clone();
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray view = inputs[0].value().permute(axes);
    INDArray out = arena.take(view.shape());
    out.assign(view);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    int[] back = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      back[axes[i]] = i;
    }
    reverse.add(inputs[0], gradient.permute(back));
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    return Reverse.present(tangents[0]).permute(axes);
  }
}
