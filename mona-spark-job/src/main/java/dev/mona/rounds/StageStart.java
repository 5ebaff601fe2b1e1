package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.tensor.SerialFloats;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Asks a learner on an executor for the state at the start of a stage. The driver has none. */
record StageStart(JobLearners learners, Broadcast<SerialFloats> parameters)
    implements Function<Stage, TrainingState> {

  @Override
  public TrainingState call(Stage stage) {
    return learners.use(learner -> learner.initialState(stage, parameters.value().values()));
  }
}
