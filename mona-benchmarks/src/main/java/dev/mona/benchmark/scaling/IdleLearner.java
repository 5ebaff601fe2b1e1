package dev.mona.benchmark.scaling;

import dev.mona.learner.Learner;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.RoundResult;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.Map;

/** Hands back a state of its own without computing anything, so that a round is averaging alone. */
final class IdleLearner implements Learner {

  /** Makes idle learners. */
  record Factory() implements LearnerFactory {
    @Override
    public Learner create() {
      return new IdleLearner();
    }
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, SampleBlock block) {
    float[] parameters = state.parameters().clone();
    TrainingState reached =
        new TrainingState(parameters, state.moments(), state.iteration() + work.steps().count());
    return new RoundResult(
        work.partition(), block.size(), reached, Map.of("loss", 1.0), Map.of("loss", 1L));
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
  public void close() {}
}
