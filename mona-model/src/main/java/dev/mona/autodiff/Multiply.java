package dev.mona.autodiff;

import dev.mona.compute.Array;
import dev.mona.compute.Kernels;
import dev.mona.compute.Target;

/**
 * {@code a * b}, element by element, with broadcasting of b; the sum of several; with a bias {@code
 * x * gain + bias}: {@code [N, W]}, {@code [W]}, {@code [W]} to {@code [N, W]}.
 */
final class Multiply extends SumOfProducts {
  @Override
  long[] shape(Variable a, Variable b) {
    return a.shape();
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Target out) {
    kernels.multiply(a, b, out);
  }

  @Override
  void product(Kernels kernels, Array a, Array b, Array bias, Array out) {
    kernels.affine(a, b, bias, out);
  }

  @Override
  void backward(Reverse reverse, Variable output, Array gradient, Variable... inputs) {
    boolean affine = inputs.length == 3;
    for (Variable input : inputs) {
      affine &= reverse.needs(input);
    }
    if (affine) {
      Array out = reverse.room(gradient);
      Target gains = reverse.target(inputs[1]);
      Target biases = reverse.target(inputs[2]);
      Array x = inputs[0].value();
      reverse.kernels().affineBack(x, inputs[1].value(), gradient, out, gains, biases);
      reverse.donate(inputs[0], out);
    } else {
      super.backward(reverse, output, gradient, inputs);
    }
  }

  @Override
  void backward(Reverse reverse, Array gradient, Variable a, Variable b) {
    reverse.addElements(b, gradient, a.value());
    reverse.addElements(a, gradient, b.value());
  }

  @Override
  <T> T product(Replay<T> to, T a, T b) {
    return to.multiply(a, b);
  }
}
