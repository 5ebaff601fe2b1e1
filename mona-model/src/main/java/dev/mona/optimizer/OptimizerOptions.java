package dev.mona.optimizer;

import java.io.Serializable;

/**
 * How gradients become steps.
 *
 * @param rule the update rule
 * @param learningRate peak learning rate, {@code > 0}
 * @param clipNorm bound of the gradient's global norm; 0 for none
 */
public record OptimizerOptions(FlatOptimizer rule, double learningRate, double clipNorm)
    implements Serializable {
  public OptimizerOptions {
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("learning rate is " + learningRate + ", must be > 0");
    }
    if (!(clipNorm >= 0)) {
      throw new IllegalArgumentException("clip norm is " + clipNorm + ", must be >= 0");
    }
  }
}
