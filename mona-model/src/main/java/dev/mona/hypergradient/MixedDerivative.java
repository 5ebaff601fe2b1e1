package dev.mona.hypergradient;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.nn.LeafSet;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import java.util.Map;

/**
 * The derivative of {@code <grad_theta L_inner(phi, h, theta), v>} for a constant v: with respect
 * to phi and h the mixed term of the hypergradient, with respect to theta the Hessian times v.
 */
public sealed interface MixedDerivative extends AutoCloseable
    permits ExactMixedDerivative, FiniteDifference {

  /** The estimator, with buffers for an encoder like the given one. */
  static MixedDerivative of(Estimator estimator, Parameters encoder) {
    return switch (estimator) {
      case EXACT -> new ExactMixedDerivative();
      case FINITE_DIFFERENCE -> new FiniteDifference(encoder);
    };
  }

  /**
   * An evaluation of the inner loss that is still on its tape.
   *
   * @param problem what was recorded
   * @param tape where
   * @param leaves the parameters on the tape
   * @param loss the recorded loss
   * @param at the parameters' values
   */
  record Evaluation(
      InnerProblem problem, Tape tape, LeafSet leaves, Variable loss, ParameterSet at) {
    public static Evaluation record(InnerProblem problem, Tape tape, ParameterSet at) {
      LeafSet leaves = LeafSet.of(tape, at);
      return new Evaluation(problem, tape, leaves, problem.record(tape, leaves), at);
    }
  }

  /** Which groups the derivative is wanted for. */
  enum Target {
    EMBEDDER,
    EMBEDDER_AND_HEAD,
    ALL
  }

  /**
   * Adds the gradient of the loss, before {@link #add} for the same evaluation, which may go on
   * from there.
   *
   * @param wrt where the gradient of each leaf is added; all leaves of the encoder are among them
   */
  void before(Evaluation evaluation, Map<Variable, Array> wrt);

  /**
   * Adds the derivative.
   *
   * @param evaluation the inner loss at the point in question
   * @param v direction in theta
   * @param target for which groups
   * @param sum where it is added; groups that are not wanted stay untouched
   */
  void add(Evaluation evaluation, Parameters v, Target target, ParameterSet sum);

  /** Elements in buffers of its own, beside the tape of the evaluation. */
  long allocated();

  @Override
  void close();
}
