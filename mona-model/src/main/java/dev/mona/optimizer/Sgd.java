package dev.mona.optimizer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Stochastic gradient descent with heavy-ball momentum (Polyak, 1964) and L2 penalty:
 *
 * <pre>
 * g   = gradient + weightDecay * parameters
 * buf = momentum * buf + g
 * parameters -= learningRate * buf
 * </pre>
 *
 * <p>Written on INDArrays because ND4J's {@code NesterovsUpdater} is Nesterov's look-ahead rule and
 * keeps the learning rate inside its state, where a schedule would distort it.
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
      INDArray parameters,
      INDArray gradient,
      INDArray moments,
      long iteration,
      double learningRate) {
    FlatOptimizer.checkLengths(this, parameters, gradient, moments);
    FlatOptimizer.addPenalty(weightDecay, parameters, gradient);
    INDArray direction = gradient;
    if (momentum > 0) {
      moments.muli(momentum);
      moments.addi(gradient);
      direction = moments;
    }
    Nd4j.getBlasWrapper().level1().axpy(parameters.length(), -learningRate, direction, parameters);
  }
}
