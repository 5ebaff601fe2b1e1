package dev.mona.autodiff;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Last axis to mean 0 and variance 1: {@code (x - mean) / sqrt(variance + epsilon)}. Layer
 * normalisation is this, times a gain, plus a bias.
 */
final class Normalize extends Operation {
  private final double epsilon;
  private @Nullable INDArray inverse;

  Normalize(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray out = arena.take(inputs[0].shape());
    INDArray scale = arena.take(Softmax.reduced(inputs[0].shape()));
    INDArray x = inputs[0].value();
    if (HostBlocks.reach(x, out, scale)) {
      int width = (int) x.size(-1);
      HostBlocks.rows(x)
          .read(x)
          .write(out)
          .write(scale)
          .run((a, rows) -> forward(a[0], a[1], a[2], rows, width));
    } else {
      reference(x, out, scale, epsilon, arena);
    }
    inverse = scale;
    return out;
  }

  private void forward(float[] x, float[] out, float[] scale, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = r * width;
      float mean = HostRows.sum(x, at, width) / width;
      for (int j = at; j < at + width; j++) {
        out[j] = x[j] - mean;
      }
      float variance = HostRows.dot(out, out, at, width) / width;
      float inverseDeviation = (float) (1 / Math.sqrt(variance + epsilon));
      for (int j = at; j < at + width; j++) {
        out[j] *= inverseDeviation;
      }
      scale[r] = inverseDeviation;
    }
  }

  static void reference(INDArray x, INDArray out, INDArray scale, double epsilon, Arena arena) {
    center(x, out, scale, arena);
    InverseDeviation.of(out, epsilon, scale, arena);
    Kernels.multiply(out, scale, out);
  }

  /** {@code out = x - mean(x)}; {@code row} is overwritten. */
  static void center(INDArray x, INDArray out, INDArray row, Arena arena) {
    Kernels.meanLast(x, row, arena);
    Kernels.subtract(x, row, out);
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    INDArray y = output.value();
    INDArray scale = Objects.requireNonNull(inverse);
    if (HostBlocks.reach(y, scale, gradient)) {
      int width = (int) y.size(-1);
      HostBlocks.rows(y)
          .read(y)
          .read(scale)
          .update(gradient)
          .run((a, rows) -> backward(a[0], a[1], a[2], rows, width));
    } else {
      reference(y, scale, gradient, reverse.arena());
    }
    reverse.donate(inputs[0], gradient);
  }

  private static void backward(float[] y, float[] scale, float[] gradient, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = r * width;
      float mean = HostRows.sum(gradient, at, width) / width;
      float along = HostRows.dot(gradient, y, at, width) / width;
      float factor = scale[r];
      for (int j = at; j < at + width; j++) {
        gradient[j] = (gradient[j] - mean - y[j] * along) * factor;
      }
    }
  }

  static void reference(INDArray y, INDArray scale, INDArray gradient, Arena arena) {
    INDArray row = arena.take(Softmax.reduced(y.shape()));
    INDArray part = arena.take(y.shape());
    gradient.muli(y, part);
    Kernels.meanLast(part, row, arena);
    Kernels.multiply(y, row, part);
    Kernels.meanLast(gradient, row, arena);
    Kernels.subtract(gradient, row, gradient);
    gradient.subi(part);
    Kernels.multiply(gradient, scale, gradient);
    arena.release(part);
    arena.release(row);
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = Reverse.present(tangents[0]);
    Variable centered = x.subtract(x.meanLast());
    Variable along = output.multiply(output.multiply(x).meanLast());
    return centered.subtract(along).multiply(inputs[0].inverseDeviation(epsilon));
  }
}
