package dev.mona.optimizer;

import dev.mona.compute.AdamStep;
import dev.mona.compute.Array;

/**
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1) and AdamW (Loshchilov and Hutter, ICLR 2019). With
 * {@code t = iteration + 1}:
 *
 * <pre>
 * g = gradient (+ weightDecay * parameters, unless decoupled)
 * m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
 * parameters -= learningRate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * parameters -= learningRate * weightDecay * old parameters       (decoupled only)
 * </pre>
 *
 * <p>The moments are {@code [m | v]}.
 *
 * @param beta1 decay of m
 * @param beta2 decay of v
 * @param epsilon added to the root of the corrected v
 * @param weightDecay L2 penalty or decoupled decay; 0 for none
 * @param decoupled whether the decay acts on the parameters (AdamW) instead of the gradient
 */
public record Adam(
    double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
    implements FlatOptimizer {
  public Adam {
    FlatOptimizer.requireFraction("beta1", beta1);
    FlatOptimizer.requireFraction("beta2", beta2);
    FlatOptimizer.requireWeightDecay(weightDecay);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon is " + epsilon + ", must be > 0");
    }
  }

  @Override
  public long momentLength(long n) {
    return 2 * n;
  }

  @Override
  public void step(
      Array parameters, Array gradient, Array moments, long iteration, double learningRate) {
    FlatOptimizer.checkLengths(this, parameters, gradient, moments);
    if (!decoupled) {
      FlatOptimizer.addPenalty(weightDecay, parameters, gradient);
    }
    long n = parameters.length();
    Array m = moments.view(0, n);
    Array v = moments.view(n, n);
    AdamStep.Rule rule = new AdamStep.Rule(beta1, beta2, epsilon, decoupled ? weightDecay : 0);
    AdamStep step = new AdamStep(rule, learningRate, iteration);
    parameters.device().vectors().adam(parameters, gradient, m, v, step);
  }
}
