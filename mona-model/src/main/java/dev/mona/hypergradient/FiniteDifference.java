package dev.mona.hypergradient;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Central difference of the gradient along v, {@code [grad L(theta + eps v) - grad L(theta - eps
 * v)] / (2 eps)} with {@code eps = 0.01 / |v|} (DARTS, Liu et al. 2019). Independent of the forward
 * mode; relative error below 1e-2 in float.
 */
public final class FiniteDifference implements MixedDerivative, AutoCloseable {
  private static final double LENGTH = 0.01;

  private @Nullable Tape tape;
  private @Nullable Parameters moved;

  @Override
  public void add(Evaluation evaluation, Parameters v, Target target, ParameterSet sum) {
    double norm = v.vector().norm2Number().doubleValue();
    if (norm == 0) {
      return;
    }
    double epsilon = LENGTH / norm;
    gradient(evaluation, v, epsilon, target, sum, 1 / (2 * epsilon));
    gradient(evaluation, v, -epsilon, target, sum, -1 / (2 * epsilon));
  }

  private void gradient(
      Evaluation evaluation,
      Parameters v,
      double step,
      Target target,
      ParameterSet sum,
      double weight) {
    ParameterSet at = evaluation.at();
    Parameters theta = moved;
    Tape fresh = tape;
    if (theta == null || fresh == null) {
      theta = at.encoder().zerosLike();
      fresh = new Tape(evaluation.tape().type());
      moved = theta;
      tape = fresh;
    }
    v.vector().muli(step, theta.vector());
    theta.vector().addi(at.encoder().vector());
    ParameterSet there = new ParameterSet(at.embedder(), theta, at.head());
    Evaluation shifted = Evaluation.record(evaluation.problem(), fresh, there);
    Map<Variable, INDArray> wrt = new HashMap<>();
    shifted.leaves().embedder().collect(sum.embedder(), wrt);
    if (target != Target.EMBEDDER) {
      shifted.leaves().head().collect(sum.head(), wrt);
    }
    if (target == Target.ALL) {
      shifted.leaves().encoder().collect(sum.encoder(), wrt);
    }
    fresh.backward(shifted.loss(), weight, wrt);
    fresh.reset();
  }

  @Override
  public void close() {
    if (tape != null) {
      tape.close();
    }
  }
}
