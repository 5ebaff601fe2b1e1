package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/** {@code 1 / sqrt(variance + epsilon)} of the last axis, kept with size 1. */
final class InverseDeviation extends Operation {
  private final double epsilon;

  InverseDeviation(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray centered = arena.take(x.shape());
    INDArray out = arena.take(Softmax.reduced(x.shape()));
    Normalize.center(x, centered, out, arena);
    of(centered, epsilon, out, arena);
    arena.release(centered);
    return out;
  }

  /** Of values whose mean is 0 already. */
  static void of(INDArray centered, double epsilon, INDArray out, Arena arena) {
    INDArray squares = arena.take(centered.shape());
    centered.muli(centered, squares);
    Kernels.meanLast(squares, out, arena);
    arena.release(squares);
    out.addi(epsilon);
    Nd4j.exec(new RSqrt(out, out));
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    INDArray x = inputs[0].value();
    INDArray part = arena.take(x.shape());
    INDArray row = arena.take(output.shape());
    Normalize.center(x, part, row, arena);
    // d r / d x_j = -r^3 (x_j - mean) / W
    INDArray r = output.value();
    r.muli(r, row);
    row.muli(r);
    row.muli(gradient);
    row.muli(-1.0 / x.size(-1));
    Kernels.multiply(part, row, part);
    reverse.add(inputs[0], part);
    arena.release(row);
    arena.release(part);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = inputs[0];
    Variable centered = x.subtract(x.meanLast());
    Variable mean = centered.multiply(Reverse.present(tangents[0])).meanLast();
    return output.power(3).multiply(mean).scale(-1);
  }
}
