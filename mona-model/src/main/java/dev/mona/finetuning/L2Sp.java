package dev.mona.finetuning;

import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;

/**
 * L2-SP (Li, Grandvalet and Davoine, ICML 2018, equation 3): the loss of finetuning gets a penalty
 * on what the encoder moves away from where it starts,
 *
 * <pre>
 * L + weight / 2 ||theta - theta_0||^2
 * </pre>
 *
 * <p>It is a part of the loss, not of the update rule: its gradient is clipped, and scaled by Adam,
 * with that of the task. The paper's second penalty, on parameters that are new, is the optimizer's
 * weight decay.
 */
public final class L2Sp implements AutoCloseable {
  private final double weight;
  private final Array start;
  private final Array difference;

  /**
   * A penalty with a buffer of its own.
   *
   * @param start theta_0, which belongs to the caller
   */
  public L2Sp(double weight, Array start) {
    this.weight = weight;
    this.start = start;
    this.difference = start.device().zeros(start.shape());
  }

  /**
   * Adds the gradient of the penalty.
   *
   * @return {@code ||theta - theta_0||}
   */
  public Scalar addGradient(Array parameters, Array gradient) {
    Vectors vectors = start.device().vectors();
    vectors.subtract(parameters, start, difference); // exactly 0 for what does not move
    vectors.axpy(weight, difference, gradient);
    return vectors.root(vectors.dot(difference, difference));
  }

  @Override
  public void close() {
    difference.close();
  }
}
