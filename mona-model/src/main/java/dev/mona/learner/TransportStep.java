package dev.mona.learner;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.network.Network;
import dev.mona.nn.Leaves;
import dev.mona.nn.Pooling;
import dev.mona.nn.Tokens;
import dev.mona.objective.TransportDistance.Distance;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Gradient of the transport distance between a batch of embedded target samples, the mean of their
 * tokens before the encoder, and the source: the step of ORCA's alignment. The host solves the
 * transport problems, so the step waits for the features. Keeps its buffers.
 */
final class TransportStep implements AutoCloseable {
  private final Network network;
  private final TransportProblem problem;
  private final Tape tape;

  TransportStep(Network network, TransportProblem problem, ParameterSet like) {
    this.network = network;
    this.problem = problem;
    this.tape = new Tape(like.embedder().device());
  }

  /**
   * Adds {@code weight} times the gradient of the batch's distance to that of the embedder.
   *
   * @return the distance
   */
  Scalar addGradient(SampleBlock batch, ParameterSet at, double weight, ParameterSet gradient) {
    tape.reset();
    Leaves embedder = Leaves.of(tape, at.embedder());
    Tokens tokens = network.embedder().embed(tape, embedder, batch.features());
    Variable features = Pooling.MEAN.of(tape, tokens);
    int[] classes = problem.classes(network.task(), batch);
    Distance distance = problem.distance().of(features.value().toFloats(), classes);
    // a linear function of the features with the gradient of the distance
    Variable slope = tape.constant(distance.gradient(), features.shape());
    Map<Variable, Array> wrt = new HashMap<>();
    embedder.collect(gradient.embedder(), wrt);
    tape.backward(features.multiply(slope).sum(), weight, wrt);
    return Scalar.of(distance.value());
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
