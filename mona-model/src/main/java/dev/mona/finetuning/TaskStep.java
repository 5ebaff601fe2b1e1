package dev.mona.finetuning;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Scalar;
import dev.mona.network.Network;
import dev.mona.nn.Dropout;
import dev.mona.nn.LeafSet;
import dev.mona.objective.TaskLoss;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Gradient of the task loss: the step of warm-up and finetuning. Keeps its buffers. */
public final class TaskStep implements AutoCloseable {
  private final Network network;
  private final Tape tape;

  public TaskStep(Network network, ParameterSet like) {
    this.network = network;
    this.tape = new Tape(like.encoder().device());
  }

  /** Records the mean loss of a batch, shape {@code [1]}. */
  public static Variable loss(
      Network network, Tape tape, LeafSet leaves, SampleBlock batch, Dropout dropout) {
    Variable predictions = network.predict(tape, leaves, batch.features(), dropout);
    return TaskLoss.of(tape, network.task(), predictions, batch.labels());
  }

  /**
   * Adds {@code weight} times the gradient of the batch's mean loss.
   *
   * @param groups the groups that get a gradient
   * @return the mean loss
   */
  public Scalar addGradient(
      SampleBlock batch,
      ParameterSet at,
      List<ParameterGroup> groups,
      double weight,
      ParameterSet gradient) {
    return addGradient(
        batch, tape -> LeafSet.of(tape, at), groups, role -> true, Dropout.NONE, weight, gradient);
  }

  /**
   * The same where only a part of the encoder trains, or adapters, or with dropout.
   *
   * @param at the leaves on a tape
   * @param encoderRoles the parameters of the encoder that get a gradient, if the encoder does
   * @param dropout of this batch
   */
  public Scalar addGradient(
      SampleBlock batch,
      Function<Tape, LeafSet> at,
      List<ParameterGroup> groups,
      Predicate<Role> encoderRoles,
      Dropout dropout,
      double weight,
      ParameterSet gradient) {
    tape.reset();
    LeafSet leaves = at.apply(tape);
    Variable loss = loss(network, tape, leaves, batch, dropout);
    Map<Variable, Array> wrt = new HashMap<>();
    for (ParameterGroup group : groups) {
      switch (group) {
        case EMBEDDER -> leaves.embedder().collect(gradient.embedder(), wrt);
        case ENCODER -> leaves.encoder().collect(gradient.encoder(), encoderRoles, wrt);
        case HEAD -> leaves.head().collect(gradient.head(), wrt);
      }
    }
    tape.backward(loss, weight, wrt);
    return loss.scalar();
  }

  /** Logits {@code [n, outputs]} row-major of a batch. */
  public float[] logits(SampleBlock batch, ParameterSet at) {
    return logits(batch, tape -> LeafSet.of(tape, at));
  }

  /**
   * The same.
   *
   * @param at the leaves on a tape
   */
  public float[] logits(SampleBlock batch, Function<Tape, LeafSet> at) {
    tape.reset();
    Variable logits = network.predict(tape, at.apply(tape), batch.features());
    return logits.value().toFloats();
  }

  /** Elements in the buffers: constant once warm. */
  public long allocated() {
    return tape.arena().allocated();
  }

  @Override
  public void close() {
    tape.close();
  }
}
