package dev.mona.learner;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.Scalar;
import dev.mona.hypergradient.OuterProblem;
import dev.mona.nn.Leaves;
import dev.mona.tensor.Parameters;
import dev.mona.tensor.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Gradient of L_outer at the encoder that is being finetuned. Keeps its buffers. */
final class ReplayStep implements AutoCloseable {
  private final Tape tape;

  ReplayStep(Device device) {
    tape = new Tape(device);
  }

  /**
   * Adds {@code weight} times the gradient of the loss.
   *
   * @param encoder its leaves on a tape
   * @param roles the parameters that get a gradient
   * @return the loss
   */
  Scalar addGradient(
      OuterProblem source,
      Function<Tape, Leaves> encoder,
      Predicate<Role> roles,
      double weight,
      Parameters gradient) {
    tape.reset();
    Leaves leaves = encoder.apply(tape);
    Variable loss = source.record(tape, leaves).total();
    Map<Variable, Array> wrt = new HashMap<>();
    leaves.collect(gradient, roles, wrt);
    tape.backward(loss, weight, wrt);
    return loss.scalar();
  }

  /** Elements in the buffers: constant once warm. */
  long allocated() {
    return tape.arena().allocated();
  }

  @Override
  public void close() {
    tape.close();
  }
}
