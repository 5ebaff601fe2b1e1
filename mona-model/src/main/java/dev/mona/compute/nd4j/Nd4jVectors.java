package dev.mona.compute.nd4j;

import dev.mona.compute.AdamStep;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J calls on whole arrays; nothing is done for arrays without elements. */
class Nd4jVectors implements Vectors {
  private final Nd4jDevice device;

  Nd4jVectors(Nd4jDevice device) {
    this.device = device;
  }

  final Nd4jDevice device() {
    return device;
  }

  static INDArray values(Array array) {
    return Nd4jArray.of(array).values();
  }

  /** The values of an array in the shape of another. */
  static INDArray values(Array array, Array like) {
    return Nd4jArray.of(array).like(Nd4jArray.of(like));
  }

  final void exec(Op op) {
    device.called();
    Nd4j.getExecutioner().exec(op);
  }

  final void exec(CustomOp op) {
    device.called();
    Nd4j.getExecutioner().exec(op);
  }

  /** Element by element, with ND4J's broadcasting. */
  final void pairwise(String name, INDArray a, INDArray b, INDArray out) {
    exec(DynamicCustomOp.builder(name).addInputs(a, b).addOutputs(out).build());
  }

  private void flat(String name, Array x, Array y, Array out) {
    if (out.length() > 0) {
      pairwise(name, values(x, out), values(y, out), values(out));
    }
  }

  @Override
  public void fill(Array out, double value) {
    if (out.length() > 0) {
      device.called();
      values(out).assign(value);
    }
  }

  @Override
  public void copy(Array from, Array out) {
    if (out.length() > 0) {
      device.called();
      values(out).assign(values(from, out));
    }
  }

  @Override
  public void add(Array x, Array y, Array out) {
    flat("add", x, y, out);
  }

  @Override
  public void subtract(Array x, Array y, Array out) {
    flat("subtract", x, y, out);
  }

  @Override
  public void multiply(Array x, Array y, Array out) {
    flat("multiply", x, y, out);
  }

  @Override
  public void scale(Array x, double factor, Array out) {
    if (out.length() > 0) {
      device.called();
      values(x, out).muli(factor, values(out));
    }
  }

  @Override
  public void scale(Array x, Scalar factor, Array out) {
    scale(x, factor.value(), out);
  }

  @Override
  public void shift(Array x, double amount, Array out) {
    if (out.length() > 0) {
      device.called();
      values(x, out).addi(amount, values(out));
    }
  }

  @Override
  public void axpy(double factor, Array x, Array y) {
    if (y.length() > 0) {
      device.called();
      Nd4j.getBlasWrapper().level1().axpy(y.length(), factor, values(x, y), values(y));
    }
  }

  /**
   * ND4J's operation computes the form with {@code sqrt(v) + epsilon_hat} of section 2 of Kingma
   * and Ba; it is given {@code epsilon_hat = epsilon sqrt(1 - beta2^t)}, which makes both forms
   * equal.
   */
  @Override
  public void adam(Array parameters, Array gradient, Array m, Array v, AdamStep step) {
    if (parameters.length() == 0) {
      return;
    }
    INDArray update = values(gradient, parameters);
    double epsilonHat =
        step.epsilon() * Math.sqrt(1 - Math.pow(step.beta2(), step.iteration() + 1.0));
    // leaves the update, learning rate included, in the gradient
    exec(
        new AdamUpdater(
            update,
            values(v, parameters),
            values(m, parameters),
            step.learningRate(),
            step.beta1(),
            step.beta2(),
            epsilonHat,
            Math.toIntExact(step.iteration())));
    if (step.learningRate() == 0) {
      // the operation takes 0 for a rate that was left out
      return;
    }
    if (step.decay() > 0) {
      axpy(step.learningRate() * step.decay(), parameters, gradient);
    }
    flat("subtract", parameters, gradient, parameters);
  }

  @Override
  public Scalar dot(Array x, Array y) {
    device.waited();
    INDArray a = values(x);
    INDArray b = values(y);
    return Scalar.of(device.host() ? InnerProduct.of(a, b) : InnerProduct.onDevice(a, b));
  }

  @Override
  public Scalar sum(Scalar a, Scalar b) {
    return Scalar.of(a.value() + b.value());
  }

  @Override
  public Scalar times(Scalar a, double factor) {
    return Scalar.of(a.value() * factor);
  }

  @Override
  public Scalar product(Scalar a, Scalar b) {
    return Scalar.of(a.value() * b.value());
  }

  @Override
  public Scalar ratio(Scalar a, Scalar b) {
    return Scalar.of(b.value() == 0 ? 0 : a.value() / b.value());
  }

  @Override
  public Scalar root(Scalar a) {
    return Scalar.of(Math.sqrt(a.value()));
  }

  @Override
  public double[] values(Scalar... scalars) {
    return Arrays.stream(scalars).mapToDouble(Scalar::value).toArray();
  }
}
