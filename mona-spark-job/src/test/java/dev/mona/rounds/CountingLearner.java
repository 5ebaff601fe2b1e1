package dev.mona.rounds;

import dev.mona.learner.Learner;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands the state back with one more iteration; counts how many are open in this JVM. */
final class CountingLearner implements Learner {
  static final AtomicInteger OPEN = new AtomicInteger();

  CountingLearner() {
    OPEN.incrementAndGet();
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, SampleBlock block) {
    return new RoundResult(
        work.partition(),
        block.size(),
        new TrainingState(state.parameters(), state.moments(), state.iteration() + 1),
        Map.of(),
        Map.of());
  }

  @Override
  public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
    return new float[block.size()];
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return new TrainingState(parameters, new float[0], 0);
  }

  @Override
  public void close() {
    OPEN.decrementAndGet();
  }
}
