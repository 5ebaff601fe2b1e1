package dev.mona.learner;

import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands back a state of its own without computing anything, so that a round is averaging alone.
 * Counts how many are open in this JVM.
 */
public final class IdleLearner implements Learner {
  public static final AtomicInteger OPEN = new AtomicInteger();

  /** An open learner; {@code IdleLearner::new} is a {@link LearnerFactory}. */
  public IdleLearner() {
    OPEN.incrementAndGet();
  }

  @Override
  public Held hold(Stage stage, TrainingState state) {
    return new HeldOnHost(this, stage, state) {
      @Override
      public LocalResult run(RoundWork work, PartitionSamples samples, Runnable step) {
        averaged(iteration() + work.steps().count());
        return new LocalResult(samples.size(), Map.of("loss", 1.0), Map.of("loss", 1L));
      }
    };
  }

  @Override
  public RoundResult run(
      RoundWork work, TrainingState state, PartitionSamples samples, Runnable step) {
    return run(work, state, samples);
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, PartitionSamples samples) {
    TrainingState reached =
        new TrainingState(
            state.parameters().clone(), state.moments(), state.iteration() + work.steps().count());
    return new RoundResult(
        work.partition(), samples.size(), reached, Map.of("loss", 1.0), Map.of("loss", 1L));
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
