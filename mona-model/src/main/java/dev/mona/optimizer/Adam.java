package dev.mona.optimizer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
 * <p>The moments are {@code [m | v]}. The update is ND4J's operation, which computes the form with
 * {@code sqrt(v) + epsilon_hat} of the paper's section 2; it is given {@code epsilon_hat = epsilon
 * * sqrt(1 - beta2^t)}, which makes both forms equal.
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
      INDArray parameters,
      INDArray gradient,
      INDArray moments,
      long iteration,
      double learningRate) {
    FlatOptimizer.checkLengths(this, parameters, gradient, moments);
    if (!decoupled) {
      FlatOptimizer.addPenalty(weightDecay, parameters, gradient);
    }
    long n = parameters.length();
    INDArray m = moments.get(NDArrayIndex.interval(0, n));
    INDArray v = moments.get(NDArrayIndex.interval(n, 2 * n));
    double epsilonHat = epsilon * Math.sqrt(1 - Math.pow(beta2, iteration + 1.0));
    int step = Math.toIntExact(iteration);
    // Leaves the update, learning rate included, in the gradient.
    Nd4j.exec(new AdamUpdater(gradient, v, m, learningRate, beta1, beta2, epsilonHat, step));
    if (learningRate == 0) {
      // the operation takes 0 for a rate that was left out
      return;
    }
    if (weightDecay > 0 && decoupled) {
      Nd4j.getBlasWrapper()
          .level1()
          .axpy(parameters.length(), learningRate * weightDecay, parameters, gradient);
    }
    parameters.subi(gradient);
  }
}
