package dev.mona.optimizer;

import dev.mona.compute.Array;
import java.io.Serializable;

/**
 * An update rule over one flat vector of parameters. It holds constants only: moments and the count
 * of steps come from outside, so that they can be averaged, saved and resumed, and bias correction
 * goes on across rounds. Updating two parts of a vector one by one equals updating the whole.
 */
public sealed interface FlatOptimizer extends Serializable permits Sgd, Adam {

  /** Length of the moments vector that belongs to {@code n} parameters; may be 0. */
  long momentLength(long n);

  /**
   * One step, in place, without allocating arrays that grow with {@code n}.
   *
   * @param parameters {@code [n]}, updated
   * @param gradient {@code [n]} on the same device; overwritten with intermediate values
   * @param moments {@code [momentLength(n)]}, updated; zeros before the first step; an array of any
   *     length where there are none
   * @param iteration steps taken before this one
   * @param learningRate rate of this step
   */
  void step(Array parameters, Array gradient, Array moments, long iteration, double learningRate);

  /** Checks a constant of a rule that has to lie in [0, 1). */
  static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " is " + value + ", must be in [0, 1)");
    }
  }

  /** Checks the weight of a penalty or a decay. */
  static void requireWeightDecay(double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("weight decay is " + value + ", must be >= 0");
    }
  }

  /** Adds the gradient of the L2 penalty {@code weight / 2 * |parameters|^2}. */
  static void addPenalty(double weight, Array parameters, Array gradient) {
    if (weight > 0) {
      parameters.device().vectors().axpy(weight, parameters, gradient);
    }
  }

  /** Checks the lengths of a step's vectors. */
  static void checkLengths(
      FlatOptimizer optimizer, Array parameters, Array gradient, Array moments) {
    long n = parameters.length();
    long needed = optimizer.momentLength(n);
    if (gradient.length() != n || (needed > 0 && moments.length() != needed)) {
      throw new IllegalArgumentException(
          n
              + " parameters need as many gradients and "
              + needed
              + " moments, got "
              + gradient.length()
              + " and "
              + moments.length());
    }
  }
}
