package dev.mona.dl4jspark;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundObserver;
import dev.mona.rounds.Workers;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** Workers whose rounds tell a DL4J graph its score: the mean loss of the last one. */
record GraphWorkers(Workers workers, SparkComputationGraph graph) implements Workers {

  @Override
  public int[] partitionSizes() {
    return workers.partitionSizes();
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return workers.initialState(stage, parameters);
  }

  @Override
  public boolean keepMoments() {
    return workers.keepMoments();
  }

  @Override
  public TrainingState run(Round first, TrainingState state, RoundObserver observer) {
    return workers.run(
        first,
        state,
        (round, outcome) -> {
          Double loss = outcome.metrics().means().get(Diagnostics.LOSS);
          if (loss != null) {
            graph.setScore(loss);
          }
          return observer.goesOn(round, outcome);
        });
  }

  @Override
  public double validate(
      String description, Stage stage, TrainingState state, float[] result, Metric metric) {
    return workers.validate(description, stage, state, result, metric);
  }
}
