package dev.mona.learner;

import dev.mona.compute.Array;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.List;
import java.util.stream.Stream;

/**
 * A state that stays in the arrays of its learner while rounds follow each other, until the learner
 * is given another one or predicts with one.
 */
public interface Held {

  /**
   * Runs the local steps of one round on it.
   *
   * @param work which steps, of the stage that the state belongs to
   * @param samples all samples of the partition
   * @param step called after every local step; by a learner that does not tell, never
   */
  LocalResult run(RoundWork work, PartitionSamples samples, Runnable step);

  /**
   * The parameters themselves, group by group in the order of {@link TrainingState#parameters}, of
   * the same lengths in every learner of the stage. They may be changed between two rounds.
   */
  List<Array> parameters();

  /** The moments themselves, likewise, averages of parameters among them; may be none. */
  List<Array> moments();

  /** Both, parameters first. */
  default List<Array> arrays() {
    return Stream.concat(parameters().stream(), moments().stream()).toList();
  }

  /** The arrays now hold the mean of several states after so many optimizer steps of the stage. */
  void averaged(long iteration);

  /** Optimizer steps taken in the stage. */
  long iteration();

  /**
   * Scores of samples under what its stage makes of it, {@link StageOptions#result}.
   *
   * @return {@code [n, outputs]} row-major logits
   */
  float[] predict(SampleBlock block);

  /** A copy of the state on the host. */
  TrainingState save();
}
