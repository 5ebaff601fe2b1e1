package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;

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
   * Runs one round on every partition and averages the states by examples seen, in partition order.
   * The state that comes back is a pure function of the arguments and the partitions.
   */
  RoundOutcome run(Round round, TrainingState state);

  /**
   * The metric over the validation samples.
   *
   * @param description what is being scored, for the Spark UI
   * @param parameters flat parameters of the stage's trained groups
   */
  double validate(String description, Stage stage, float[] parameters, Metric metric);
}
