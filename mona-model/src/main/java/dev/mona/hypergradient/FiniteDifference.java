package dev.mona.hypergradient;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.ElementType;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.HashMap;
import java.util.Map;

/**
 * Central difference of the gradient along v, {@code [grad L(theta + eps v) - grad L(theta - eps
 * v)] / (2 eps)} with {@code eps = 0.01 / |v|} (DARTS, Liu et al. 2019). Independent of the forward
 * mode; relative error below 1e-2 in float. In double, where rounding allows a shorter step, {@code
 * eps = 1e-4 / |v|}.
 */
final class FiniteDifference implements MixedDerivative {
  private static final double LENGTH_IN_FLOAT = 0.01;
  private static final double LENGTH_IN_DOUBLE = 1e-4;

  private final Tape tape;
  private final Parameters moved;
  private final double length;

  /** Allocates buffers for an encoder like the given one. */
  FiniteDifference(Parameters encoder) {
    tape = new Tape(encoder.device());
    moved = encoder.zerosLike();
    length = tape.type() == ElementType.DOUBLE ? LENGTH_IN_DOUBLE : LENGTH_IN_FLOAT;
  }

  @Override
  public void before(Evaluation evaluation, Map<Variable, Array> wrt) {
    evaluation.tape().backward(evaluation.loss(), 1, wrt);
  }

  @Override
  public void add(Evaluation evaluation, Parameters v, Target target, ParameterSet sum) {
    Vectors vectors = v.device().vectors();
    Scalar norm = vectors.root(vectors.dot(v.vector(), v.vector()));
    // both are 0 where v vanishes
    Scalar epsilon = vectors.ratio(Scalar.of(length), norm);
    Scalar weight = vectors.ratio(Scalar.of(1), vectors.times(epsilon, 2));
    move(evaluation, v, epsilon);
    gradient(evaluation, weight, target, sum);
    move(evaluation, v, vectors.times(epsilon, -1));
    gradient(evaluation, vectors.times(weight, -1), target, sum);
  }

  private void move(Evaluation evaluation, Parameters v, Scalar step) {
    Vectors vectors = v.device().vectors();
    vectors.scale(v.vector(), step, moved.vector());
    vectors.add(moved.vector(), evaluation.at().encoder().vector(), moved.vector());
  }

  private void gradient(Evaluation evaluation, Scalar weight, Target target, ParameterSet sum) {
    ParameterSet at = evaluation.at();
    ParameterSet there = new ParameterSet(at.embedder(), moved, at.head());
    tape.reset();
    Evaluation shifted = Evaluation.record(evaluation.problem(), tape, there);
    Map<Variable, Array> wrt = new HashMap<>();
    shifted.leaves().embedder().collect(sum.embedder(), wrt);
    if (target != Target.EMBEDDER) {
      shifted.leaves().head().collect(sum.head(), wrt);
    }
    if (target == Target.ALL) {
      shifted.leaves().encoder().collect(sum.encoder(), wrt);
    }
    tape.backward(shifted.loss().multiply(constant(weight)), 1, wrt);
  }

  /** A number that the device may still compute, {@code [1]}. */
  private Variable constant(Scalar value) {
    Array one = tape.arena().take(1);
    Vectors vectors = tape.kernels();
    vectors.fill(one, 1);
    vectors.scale(one, value, one);
    return tape.leaf(one);
  }

  @Override
  public long allocated() {
    return tape.arena().allocated();
  }

  @Override
  public void close() {
    tape.close();
    moved.close();
  }
}
