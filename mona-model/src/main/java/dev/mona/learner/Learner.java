package dev.mona.learner;

import dev.mona.task.SampleBlock;

/**
 * Runs local steps of a stage on the samples of one partition. An instance is used by one thread at
 * a time and keeps its buffers between calls. The result is a pure function of the arguments and of
 * what the {@link LearnerFactory} was made from: same arguments, same bytes.
 */
public interface Learner extends AutoCloseable {

  /**
   * Runs the steps of one round. The order of samples is a pure function of (seed, stage, epoch,
   * sample id).
   *
   * @param work which steps
   * @param state the state to start from; not changed
   * @param block all samples of the partition
   */
  RoundResult run(RoundWork work, TrainingState state, SampleBlock block);

  /**
   * The same, with word of its progress.
   *
   * @param step called after every local step; by a learner that does not tell, never
   */
  default RoundResult run(RoundWork work, TrainingState state, SampleBlock block, Runnable step) {
    return run(work, state, block);
  }

  /**
   * Scores of samples under a state, whose moments do not matter and may be empty.
   *
   * @return {@code [n, outputs]} row-major logits
   */
  float[] predict(Stage stage, TrainingState state, SampleBlock block);

  /** State at the start of a stage: fresh moments around the given parameters. */
  TrainingState initialState(Stage stage, float[] parameters);

  @Override
  void close();
}
