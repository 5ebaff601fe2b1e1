package dev.mona.autodiff;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code x * gain + bias}: {@code [N, W]}, {@code [W]}, {@code [W]} to {@code [N, W]}. */
final class Affine extends Operation {
  @Override
  INDArray forward(Arena arena, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray gain = inputs[1].value();
    INDArray bias = inputs[2].value();
    INDArray out = arena.take(x.shape());
    int width = (int) gain.length();
    if (HostBlocks.reach(x, gain, bias, out)) {
      HostBlocks.rows(x)
          .read(x)
          .write(out)
          .repeat(gain)
          .repeat(bias)
          .run((a, rows) -> forward(a[0], a[1], a[2], a[3], rows * width));
    } else {
      Kernels.multiply(x, gain, out);
      Kernels.add(out, bias, out);
    }
    return out;
  }

  private static void forward(float[] x, float[] out, float[] gain, float[] bias, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.fma(x[i], gain[i], bias[i]);
    }
  }

  @Override
  void backward(Reverse reverse, Variable output, INDArray gradient, Variable... inputs) {
    INDArray x = inputs[0].value();
    INDArray gain = inputs[1].value();
    boolean all = reverse.needs(inputs[0]) && reverse.needs(inputs[1]) && reverse.needs(inputs[2]);
    if (all && HostBlocks.reach(x, gain, gradient)) {
      onePass(reverse, gradient, inputs);
    } else {
      reference(reverse, gradient, inputs);
    }
  }

  private static void onePass(Reverse reverse, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    INDArray x = inputs[0].value();
    INDArray gain = inputs[1].value();
    int width = (int) gain.length();
    HostBlocks pass = HostBlocks.rows(x);
    INDArray gains = arena.take(pass.blocks(), width);
    INDArray biases = arena.take(pass.blocks(), width);
    pass.read(x)
        .update(gradient)
        .repeat(gain)
        .writePerBlock(gains)
        .writePerBlock(biases)
        .scratch(width)
        .scratch(width)
        .run(
            (a, rows) -> {
              HostRows.sumColumns(a[1], a[5], a[4], rows, width);
              scale(a[0], a[1], a[2], a[6], rows * width);
              HostRows.sumColumns(a[6], a[5], a[3], rows, width);
            });
    reverse.addReduced(inputs[1], gains);
    reverse.addReduced(inputs[2], biases);
    arena.release(gains);
    arena.release(biases);
    reverse.donate(inputs[0], gradient);
  }

  private static void scale(float[] x, float[] gradient, float[] gain, float[] products, int n) {
    for (int i = 0; i < n; i++) {
      products[i] = x[i] * gradient[i];
      gradient[i] *= gain[i];
    }
  }

  private static void reference(Reverse reverse, INDArray gradient, Variable... inputs) {
    Arena arena = reverse.arena();
    reverse.addReduced(inputs[2], gradient);
    if (reverse.needs(inputs[1])) {
      INDArray product = arena.take(gradient.shape());
      gradient.muli(inputs[0].value(), product);
      reverse.addReduced(inputs[1], product);
      arena.release(product);
    }
    if (reverse.needs(inputs[0])) {
      Kernels.multiply(gradient, inputs[1].value(), gradient);
      reverse.donate(inputs[0], gradient);
    }
  }

  @Override
  Variable tangent(Variable output, Variable[] inputs, @Nullable Variable[] tangents) {
    Variable x = tangents[0];
    Variable gain = tangents[1];
    Variable bias = tangents[2];
    Variable sum = x == null ? null : x.multiply(inputs[1]);
    if (gain != null && bias != null) {
      return Reverse.present(Variable.plus(sum, inputs[0].affine(gain, bias)));
    }
    if (gain != null) {
      sum = Variable.plus(sum, inputs[0].multiply(gain));
    } else if (bias != null) {
      sum = sum == null ? Broadcast.to(bias, output) : sum.add(bias);
    }
    return Reverse.present(sum);
  }
}
