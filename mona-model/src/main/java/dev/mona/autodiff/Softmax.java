package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Softmax over the last axis. */
final class Softmax extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    Kernels.softmax(inputs[0].value(), out);
    return out;
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    INDArray y = output.value();
    if (HostBlocks.reach(y, gradient)) {
      int width = (int) y.size(-1);
      HostBlocks.rows(y)
          .read(y)
          .update(gradient)
          .run((a, rows) -> backward(a[0], a[1], rows, width));
    } else {
      reference(y, gradient, reverse.arena());
    }
    reverse.donate(inputs[0], gradient);
  }

  private static void backward(float[] y, float[] gradient, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = r * width;
      float mean = HostRows.dot(gradient, y, at, width);
      for (int j = at; j < at + width; j++) {
        gradient[j] = (gradient[j] - mean) * y[j];
      }
    }
  }

  static void reference(INDArray y, INDArray gradient, Arena arena) {
    gradient.muli(y);
    INDArray sums = arena.take(reduced(y.shape()));
    Kernels.sumLast(gradient, sums, arena);
    INDArray part = arena.take(y.shape());
    Kernels.multiply(y, sums, part);
    gradient.subi(part);
    arena.release(part);
    arena.release(sums);
  }

  /** The shape with the last axis of size 1. */
  static long[] reduced(long... shape) {
    long[] reduced = shape.clone();
    reduced[reduced.length - 1] = 1;
    return reduced;
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable weighted = output.multiply(Reverse.present(tangents[0]));
    return weighted.subtract(output.multiply(weighted.sumLast()));
  }
}
