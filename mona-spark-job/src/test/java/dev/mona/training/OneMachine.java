package dev.mona.training;

import dev.mona.learner.Learner;
import dev.mona.learner.RoundResult;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Accumulator;
import dev.mona.metric.Metric;
import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundObserver;
import dev.mona.rounds.RoundOutcome;
import dev.mona.rounds.Workers;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;

/** One worker as a plain loop in this thread: no Spark, no averaging. */
class OneMachine implements Workers {
  final List<Round> rounds = new ArrayList<>();
  private final Learner learner;
  private final SampleBlock training;
  private final SampleBlock validation;

  OneMachine(Learner learner, SampleBlock training, SampleBlock validation) {
    this.learner = learner;
    this.training = training;
    this.validation = validation;
  }

  @Override
  public int[] partitionSizes() {
    return new int[] {training.size()};
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return learner.initialState(stage, parameters);
  }

  @Override
  public TrainingState run(Round first, TrainingState state, RoundObserver observer) {
    TrainingState reached = state;
    for (int r = first.round(); r < first.rounds(); r++) {
      Round round = first.schedule().round(first.epoch(), r);
      RoundOutcome outcome = run(round, reached);
      reached = outcome.state();
      if (!observer.goesOn(round, outcome)) {
        break;
      }
    }
    return reached;
  }

  @Override
  public RoundOutcome run(Round round, TrainingState state) {
    rounds.add(round);
    RoundResult result = learner.run(round.work(0), state, training);
    return new RoundOutcome(
        result.state(),
        result.examples(),
        new Diagnostics(result.metrics(), result.counts()),
        0,
        0);
  }

  @Override
  public double validate(
      String description, Stage stage, TrainingState state, float[] result, Metric metric) {
    Accumulator accumulator = metric.start();
    TrainingState scored = new TrainingState(result, new float[0], 0);
    accumulator.add(
        learner.predict(stage, scored, validation), validation.labels(), validation.size());
    return accumulator.value();
  }
}
