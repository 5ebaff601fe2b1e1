package dev.mona.optimizer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An update rule over one flat vector of parameters. It holds constants only: moments and the count
 * of steps come from outside, so that they can be averaged, saved and resumed, and bias correction
 * goes on across rounds. Updating two parts of a vector one by one equals updating the whole.
 */
public sealed interface FlatOptimizer permits Sgd, Adam {

  /** The rule that the options describe. */
  static FlatOptimizer of(OptimizerOptions options) {
    return switch (options.kind()) {
      case SGD -> new Sgd(options.momentum(), options.weightDecay());
      case ADAM ->
          new Adam(
              options.beta1(), options.beta2(), options.epsilon(), options.weightDecay(), false);
      case ADAMW ->
          new Adam(
              options.beta1(), options.beta2(), options.epsilon(), options.weightDecay(), true);
    };
  }

  /** Length of the moments vector that belongs to {@code n} parameters; may be 0. */
  long momentLength(long n);

  /**
   * One step, in place, without allocating arrays that grow with {@code n}.
   *
   * @param parameters {@code [n]}, updated
   * @param gradient {@code [n]} of the same data type; overwritten with intermediate values
   * @param moments {@code [momentLength(n)]}, updated; zeros before the first step
   * @param iteration steps taken before this one
   * @param learningRate rate of this step
   */
  void step(
      INDArray parameters,
      INDArray gradient,
      INDArray moments,
      long iteration,
      double learningRate);

  /** Adds the gradient of the L2 penalty {@code weight / 2 * |parameters|^2}. */
  static void addPenalty(double weight, INDArray parameters, INDArray gradient) {
    if (weight > 0) {
      Nd4j.getBlasWrapper().level1().axpy(parameters.length(), weight, parameters, gradient);
    }
  }

  /** Checks the lengths of a step's vectors. */
  static void checkLengths(
      FlatOptimizer optimizer, INDArray parameters, INDArray gradient, INDArray moments) {
    long n = parameters.length();
    if (gradient.length() != n || moments.length() != optimizer.momentLength(n)) {
      throw new IllegalArgumentException(
          n
              + " parameters need as many gradients and "
              + optimizer.momentLength(n)
              + " moments, got "
              + gradient.length()
              + " and "
              + moments.length());
    }
  }
}
