package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The workers of a job, as a training program sees them: one for each training partition. */
public interface Workers {
  /** Local property of Spark jobs that are rounds: their description. */
  String ROUND_PROPERTY = "mona.round";

  /** Name of the accumulator that counts local steps as they are taken. */
  String STEPS = "local steps";

  /** Samples of every training partition, in partition order. */
  int[] partitionSizes();

  /**
   * The state at the start of a stage.
   *
   * @param parameters flat parameters of the stage's trained groups
   */
  TrainingState initialState(Stage stage, float[] parameters);

  /**
   * Whether workers keep moments of their own between the rounds of an epoch. A state that is
   * handed over within an epoch is not one to go on from then: its moments are averaged earlier
   * than those of an epoch that goes on.
   */
  default boolean keepMoments() {
    return false;
  }

  /**
   * Runs the rounds of an epoch from one on, each on every partition, and averages the states by
   * examples seen, in partition order, after each. Ends after the epoch's last round, or after one
   * that the observer does not go on from. The state that comes back is a pure function of the
   * arguments and the partitions.
   *
   * @param state the state before the first of them; not changed by anybody while this runs
   * @return the state after the last round that the observer was told
   */
  TrainingState run(Round first, TrainingState state, RoundObserver observer);

  /** Runs one round. */
  default RoundOutcome run(Round round, TrainingState state) {
    AtomicReference<RoundOutcome> told = new AtomicReference<>();
    TrainingState reached =
        run(
            round,
            state,
            (ended, outcome) -> {
              told.set(outcome);
              return false;
            });
    return Objects.requireNonNull(told.get()).with(reached);
  }

  /**
   * The metric over the validation samples.
   *
   * @param description what is being scored, for the Spark UI
   * @param state what the workers may still hold, and then score without being sent it
   * @param result what the stage makes of it, {@link dev.mona.learner.StageOptions#result}: this is
   *     scored
   */
  double validate(
      String description, Stage stage, TrainingState state, float[] result, Metric metric);
}
