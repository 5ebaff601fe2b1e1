package dev.mona.torch;

import dev.mona.compute.AdamStep;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** libtorch calls on whole arrays. */
class TorchVectors implements Vectors {
  private final TorchDevice device;
  private final InnerProduct inner;

  TorchVectors(TorchDevice device) {
    this.device = device;
    inner = new InnerProduct(device);
  }

  final TorchDevice device() {
    return device;
  }

  /** All elements, to be read. */
  static Tensor all(Array array) {
    return TorchArray.of(array).flat();
  }

  /** All elements, about to be written. */
  static Tensor allOf(Array array) {
    return TorchArray.of(array).written().flat();
  }

  /** An array in its shape, to be read. */
  static Tensor in(Array array) {
    return TorchArray.of(array).tensor();
  }

  /** An array in its shape, about to be written. */
  static Tensor out(Array array) {
    return TorchArray.of(array).written().tensor();
  }

  /** A number as an operand. */
  final Tensor number(double value) {
    return device.constants().tensor(value);
  }

  final void done(Tensor returned) {
    device.called(returned);
  }

  @Override
  public void fill(Array out, double value) {
    allOf(out).fill_(device.constants().scalar(value));
    device.called();
  }

  @Override
  public void copy(Array from, Array out) {
    allOf(out).copy_(all(from));
    device.called();
  }

  @Override
  public void add(Array x, Array y, Array out) {
    done(torch.add_out(allOf(out), all(x), all(y), Constants.ONE));
  }

  @Override
  public void subtract(Array x, Array y, Array out) {
    done(torch.sub_out(allOf(out), all(x), all(y), Constants.ONE));
  }

  @Override
  public void multiply(Array x, Array y, Array out) {
    done(torch.mul_out(allOf(out), all(x), all(y)));
  }

  @Override
  public void scale(Array x, double factor, Array out) {
    done(torch.mul_out(allOf(out), all(x), number(factor)));
  }

  @Override
  public void scale(Array x, Scalar factor, Array out) {
    if (factor instanceof TorchScalar there) {
      done(torch.mul_out(allOf(out), all(x), there.tensor()));
    } else {
      scale(x, factor.value(), out);
    }
  }

  @Override
  public void shift(Array x, double amount, Array out) {
    done(torch.add_out(allOf(out), all(x), number(amount), Constants.ONE));
  }

  @Override
  public void axpy(double factor, Array x, Array y) {
    Tensor sum = allOf(y);
    done(torch.add_out(sum, sum, all(x), device.constants().scalar(factor)));
  }

  /**
   * With {@code s = sqrt(1 - beta2^t)}: {@code learningRate / (1 - beta1^t) m / (sqrt(v) / s +
   * epsilon)}, the fraction extended by s.
   */
  @Override
  public void adam(Array parameters, Array gradient, Array m, Array v, AdamStep step) {
    Tensor p = allOf(parameters);
    Tensor g = allOf(gradient);
    Tensor first = allOf(m);
    Tensor second = allOf(v);
    double t = step.iteration() + 1.0;
    double s = Math.sqrt(1 - Math.pow(step.beta2(), t));
    double rate = step.learningRate() * s / (1 - Math.pow(step.beta1(), t));
    Constants constants = device.constants();
    done(torch.lerp_out(first, first, g, constants.scalar(1 - step.beta1())));
    done(torch.mul_out(second, second, number(step.beta2())));
    done(torch.addcmul_out(second, second, g, g, constants.scalar(1 - step.beta2())));
    done(torch.sqrt_out(g, second));
    done(torch.add_out(g, g, number(step.epsilon() * s), Constants.ONE));
    if (step.decay() > 0) {
      done(torch.mul_out(p, p, number(1 - step.learningRate() * step.decay())));
    }
    done(torch.addcdiv_out(p, p, first, g, constants.scalar(-rate)));
  }

  @Override
  public Scalar dot(Array x, Array y) {
    return inner.of(TorchArray.of(x), TorchArray.of(y));
  }

  // numbers

  private boolean here(Scalar a, Scalar b) {
    return !(a instanceof TorchScalar) && !(b instanceof TorchScalar);
  }

  private Tensor there(Scalar a) {
    Libtorch.enter();
    return TorchScalar.tensor(device, a);
  }

  private Scalar result(Tensor tensor) {
    return TorchScalar.of(device, tensor);
  }

  @Override
  public Scalar sum(Scalar a, Scalar b) {
    return here(a, b) ? Scalar.of(a.value() + b.value()) : result(there(a).add(there(b)));
  }

  @Override
  public Scalar times(Scalar a, double factor) {
    return product(a, Scalar.of(factor));
  }

  @Override
  public Scalar product(Scalar a, Scalar b) {
    return here(a, b) ? Scalar.of(a.value() * b.value()) : result(there(a).mul(there(b)));
  }

  @Override
  public Scalar ratio(Scalar a, Scalar b) {
    if (here(a, b)) {
      return Scalar.of(b.value() == 0 ? 0 : a.value() / b.value());
    }
    Tensor divisor = there(b);
    try (Tensor ratio = there(a).div(divisor);
        Tensor zero = divisor.eq(Constants.ZERO)) {
      device.called();
      device.called();
      return result(ratio.masked_fill(zero, Constants.ZERO));
    }
  }

  @Override
  public Scalar root(Scalar a) {
    return here(a, a) ? Scalar.of(Math.sqrt(a.value())) : result(there(a).sqrt());
  }

  @Override
  public double[] values(Scalar... scalars) {
    return TorchScalar.values(device, scalars);
  }
}
