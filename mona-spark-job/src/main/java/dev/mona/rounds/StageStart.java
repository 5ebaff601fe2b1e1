package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.spark.Sent;
import dev.mona.spark.Slot;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Asks a learner on an executor for the state at the start of a stage. The driver has none. */
record StageStart(JobLearners learners, Sent<TrainingState> given)
    implements Function<Stage, TrainingState> {
  private static final float[] NO_MOMENTS = {};

  static TrainingState of(
      JavaSparkContext spark, JobLearners learners, Stage stage, float[] parameters) {
    TrainingState given = new TrainingState(parameters, NO_MOMENTS, 0);
    try (Sent<TrainingState> sent = Sent.to(spark, given);
        Slot<TrainingState> made = Slot.of(given)) {
      StageStart start = new StageStart(learners, sent);
      JavaRDD<Stage> one = spark.parallelize(List.of(stage), 1);
      if (!spark.isLocal()) {
        return one.map(start).first();
      }
      one.foreach(asked -> made.set(start.call(asked)));
      return made.value();
    }
  }

  @Override
  public TrainingState call(Stage stage) {
    return learners.use(learner -> learner.initialState(stage, given.value().parameters()));
  }
}
