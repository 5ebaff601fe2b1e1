package dev.mona.learner;

import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;

/**
 * Runs local steps of a stage on the samples of one partition. An instance is used by one thread at
 * a time and keeps its buffers between calls. The result is a pure function of the arguments and of
 * what the {@link LearnerFactory} was made from: same arguments, same bytes.
 */
public interface Learner extends AutoCloseable {

  /**
   * Name under which a learner that drops steps ({@link NonFinite#SKIP}) reports how many: the sum
   * is of the dropped ones, the count of all that were due.
   */
  String DROPPED_STEPS = "dropped_steps";

  /**
   * Takes a state over, so that rounds can follow each other without a copy of it. The order of
   * samples is a pure function of (seed, stage, epoch, sample id), in a partition of several
   * windows of blocks within each.
   *
   * @param state the state to start from; not changed
   */
  Held hold(Stage stage, TrainingState state);

  /**
   * Makes room for a state, whose values are still to be written into its {@linkplain Held#arrays()
   * arrays}.
   *
   * @param parameters number of parameters of the state
   * @param moments number of its moments
   */
  default Held room(Stage stage, int parameters, int moments) {
    return hold(stage, new TrainingState(new float[parameters], new float[moments], 0));
  }

  /**
   * Runs the steps of one round.
   *
   * @param work which steps
   * @param state the state to start from; not changed
   * @param samples all samples of the partition
   */
  default RoundResult run(RoundWork work, TrainingState state, PartitionSamples samples) {
    return run(work, state, samples, () -> {});
  }

  /**
   * The same, with word of its progress.
   *
   * @param step called after every local step; by a learner that does not tell, never
   */
  default RoundResult run(
      RoundWork work, TrainingState state, PartitionSamples samples, Runnable step) {
    Held held = hold(work.stage(), state);
    LocalResult result = held.run(work, samples, step);
    return result.of(work.partition(), result.examples() == 0 ? state : held.save());
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
