package dev.mona.optimizer;

import dev.mona.compute.Array;
import dev.mona.compute.Vectors;

/**
 * Stochastic gradient descent with heavy-ball momentum (Polyak, 1964) and L2 penalty:
 *
 * <pre>
 * g   = gradient + weightDecay * parameters
 * buf = momentum * buf + g
 * parameters -= learningRate * buf
 * </pre>
 *
 * @param momentum decay of the buffer; 0 for none, which needs no moments
 * @param weightDecay L2 penalty; 0 for none
 */
public record Sgd(double momentum, double weightDecay) implements FlatOptimizer {
  public Sgd {
    FlatOptimizer.requireFraction("momentum", momentum);
    FlatOptimizer.requireWeightDecay(weightDecay);
  }

  @Override
  public long momentLength(long n) {
    return momentum == 0 ? 0 : n;
  }

  @Override
  public void step(
      Array parameters, Array gradient, Array moments, long iteration, double learningRate) {
    FlatOptimizer.checkLengths(this, parameters, gradient, moments);
    FlatOptimizer.addPenalty(weightDecay, parameters, gradient);
    Vectors vectors = parameters.device().vectors();
    Array direction = gradient;
    if (momentum > 0) {
      vectors.scale(moments, momentum, moments);
      vectors.add(moments, gradient, moments);
      direction = moments;
    }
    vectors.axpy(-learningRate, direction, parameters);
  }
}
