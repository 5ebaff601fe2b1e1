package dev.mona.optimizer;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How gradients become steps, and steps a result.
 *
 * @param rule the update rule
 * @param learningRate peak learning rate, {@code > 0}
 * @param clipNorm bound of the gradient's global norm; 0 for none
 * @param average what is made of the parameters along the steps and taken in their place at the
 *     end; null for none
 */
public record OptimizerOptions(
    FlatOptimizer rule, double learningRate, double clipNorm, @Nullable WeightAverage average)
    implements Serializable {
  public OptimizerOptions {
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException("learning rate is " + learningRate + ", must be > 0");
    }
    if (!(clipNorm >= 0)) {
      throw new IllegalArgumentException("clip norm is " + clipNorm + ", must be >= 0");
    }
  }

  /** Options without an average. */
  public OptimizerOptions(FlatOptimizer rule, double learningRate, double clipNorm) {
    this(rule, learningRate, clipNorm, null);
  }

  /** The same with another average, or none. */
  public OptimizerOptions with(@Nullable WeightAverage other) {
    return new OptimizerOptions(rule, learningRate, clipNorm, other);
  }

  /**
   * Length of what belongs to {@code n} parameters from step to step: the moments of the rule, then
   * the average.
   */
  public long momentLength(long n) {
    return rule.momentLength(n) + (average == null ? 0 : n);
  }
}
