package dev.mona.optimizer;

import java.io.Serializable;

/**
 * Which update rule, with its constants.
 *
 * @param kind the rule
 * @param learningRate peak learning rate, {@code > 0}
 * @param beta1 decay of the first moment (Adam, AdamW)
 * @param beta2 decay of the second moment (Adam, AdamW)
 * @param epsilon added to the root of the second moment (Adam, AdamW)
 * @param momentum Nesterov-free momentum of SGD; 0 for plain SGD
 * @param weightDecay L2 penalty added to the gradient (SGD, Adam) or decoupled decay (AdamW)
 */
public record OptimizerOptions(
    Kind kind,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double momentum,
    double weightDecay)
    implements Serializable {

  /** Update rules. */
  public enum Kind {
    SGD,
    ADAM,
    ADAMW
  }

  public OptimizerOptions {
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("learning rate is " + learningRate + ", must be > 0");
    }
    if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException(
          "betas are " + beta1 + " and " + beta2 + ", must be in [0, 1)");
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
    }
    if (!(epsilon > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException("epsilon must be > 0 and weight decay >= 0");
    }
  }
}
