package dev.mona.learner;

import dev.mona.learner.BatchFeed.Batches;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.Map;

/**
 * Reads samples as {@link MonaLearner} does and computes next to nothing: a step halves the
 * parameters and adds a feature of each sample, so that what is reached depends on the order.
 */
public final class FoldingLearner implements Learner {
  private final LearnerOptions options;
  private final BatchFeed feed;

  /**
   * Makes such learners.
   *
   * @param options batches, seed and augmentation
   */
  public record Factory(LearnerOptions options) implements LearnerFactory {
    @Override
    public Learner create() {
      return new FoldingLearner(options);
    }
  }

  private FoldingLearner(LearnerOptions options) {
    this.options = options;
    this.feed = new BatchFeed(options);
  }

  @Override
  public Held hold(Stage stage, TrainingState state) {
    return new HeldOnHost(this, stage, state);
  }

  @Override
  public RoundResult run(RoundWork work, TrainingState state, PartitionSamples samples) {
    return run(work, state, samples, () -> {});
  }

  @Override
  public RoundResult run(
      RoundWork work, TrainingState state, PartitionSamples samples, Runnable step) {
    float[] reached = state.parameters().clone();
    long examples = 0;
    long iteration = state.iteration();
    try (Batches batches = feed.of(work, samples)) {
      for (int k = 0; k < work.steps().count() && batches.ofStep() > 0; k++) {
        for (int due = batches.ofStep(); due > 0; ) {
          SampleBlock batch = batches.next();
          for (int s = 0; s < batch.size(); s++) {
            for (int i = 0; i < reached.length; i++) {
              float feature = batch.features()[s * batch.featureLength() + i];
              reached[i] = reached[i] / 2 + feature + batch.labels()[s];
            }
          }
          due -= batch.size();
          examples += batch.size();
        }
        iteration++;
        step.run();
      }
    }
    return new RoundResult(
        work.partition(),
        examples,
        new TrainingState(reached, state.moments(), iteration),
        Map.of("loss", (double) examples),
        Map.of("loss", examples));
  }

  @Override
  public float[] predict(Stage stage, TrainingState state, SampleBlock block) {
    return new float[block.size() * options.task().predictionLength()];
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return new TrainingState(parameters.clone(), new float[0], 0);
  }

  @Override
  public void close() {
    feed.close();
  }
}
