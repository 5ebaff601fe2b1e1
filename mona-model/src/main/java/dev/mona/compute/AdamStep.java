package dev.mona.compute;

/**
 * One step of Adam (Kingma and Ba, ICLR 2015, algorithm 1) with decoupled decay (Loshchilov and
 * Hutter, ICLR 2019).
 *
 * @param rule what all steps share
 * @param learningRate of this step
 * @param iteration steps taken before this one
 */
public record AdamStep(Rule rule, double learningRate, long iteration) {
  /**
   * Constants of all steps.
   *
   * @param beta1 decay of m
   * @param beta2 decay of v
   * @param epsilon added to the root of the corrected v
   * @param decay decoupled weight decay; 0 for none
   */
  public record Rule(double beta1, double beta2, double epsilon, double decay) {}

  /** Decay of m. */
  public double beta1() {
    return rule.beta1();
  }

  /** Decay of v. */
  public double beta2() {
    return rule.beta2();
  }

  /** Added to the root of the corrected v. */
  public double epsilon() {
    return rule.epsilon();
  }

  /** Decoupled weight decay; 0 for none. */
  public double decay() {
    return rule.decay();
  }
}
