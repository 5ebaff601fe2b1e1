package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.spark.Sent;
import dev.mona.spark.SparkJob;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Workers as Spark tasks. A round is one Spark job, of a {@link ShuffledMean} or of a {@link
 * SingleTask}; in place, an epoch is one barrier stage.
 */
final class SparkWorkers implements Workers {
  private static final float[] NO_MOMENTS = {};

  private final JavaSparkContext spark;
  private final JobLearners learners;
  private final AveragingOptions options;
  private final JavaRDD<PartitionSamples> training;
  private final JavaRDD<SampleBlock> validation;
  private final int[] sizes;
  private final LongAccumulator steps;
  private final @Nullable CollectiveRounds inPlace;

  SparkWorkers(
      JavaSparkContext spark,
      JobLearners learners,
      AveragingOptions options,
      TrainingSamples samples,
      JavaRDD<SampleBlock> validation) {
    this.spark = spark;
    this.learners = learners;
    this.options = options;
    this.training = samples.ofWorkers();
    this.validation = validation;
    this.steps = spark.sc().longAccumulator(STEPS);
    this.inPlace =
        options.transport() == Transport.COLLECTIVE
            ? new CollectiveRounds(spark, learners, samples, inPlace(options), steps)
            : null;
    this.sizes = samples.sizes();
  }

  /** One worker's moments are their average. */
  private static OuterUpdate inPlace(AveragingOptions options) {
    return options.momentsStay()
        ? options.outer()
        : new OuterUpdate(options.outer().step(), OuterUpdate.Moments.AVERAGE);
  }

  @Override
  public int[] partitionSizes() {
    return sizes.clone();
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    TrainingState state =
        SparkJob.described(
            spark, stage.id() + " start", () -> StageStart.of(spark, learners, stage, parameters));
    return options.outer().start(state);
  }

  @Override
  public boolean keepMoments() {
    return options.momentsStay();
  }

  @Override
  public TrainingState run(Round first, TrainingState state, RoundObserver observer) {
    if (inPlace != null) {
      return inPlace.run(first, state, observer);
    }
    TrainingState reached = state;
    for (int r = first.round(); r < first.rounds(); r++) {
      Round round = first.schedule().round(first.epoch(), r);
      RoundOutcome outcome = shuffled(round, reached);
      reached = outcome.state();
      if (!observer.goesOn(round, outcome)) {
        break;
      }
    }
    return reached;
  }

  private RoundOutcome shuffled(Round round, TrainingState state) {
    long began = System.nanoTime();
    String description = round.description(sizes.length);
    Averaged averaged;
    try (Sent<TrainingState> start = Sent.to(spark, state.local())) {
      LocalSteps local = new LocalSteps(learners, round, start);
      spark.setLocalProperty(ROUND_PROPERTY, description);
      averaged = SparkJob.described(spark, description, () -> average(local));
    } finally {
      spark.setLocalProperty(ROUND_PROPERTY, null);
    }
    return options.outer().of(state, averaged).outcome(round, state, began);
  }

  private Averaged average(LocalSteps local) {
    return spark.isLocal() && sizes.length == 1
        ? SingleTask.run(training, local, steps)
        : new ShuffledMean(options.chunkSize(), sizes.length).of(training, local, steps);
  }

  @Override
  public double validate(
      String description, Stage stage, TrainingState state, float[] result, Metric metric) {
    String held = inPlace == null ? "" : inPlace.nameOf(state);
    try (Sent<TrainingState> sent = Sent.to(spark, new TrainingState(result, NO_MOMENTS, 0))) {
      Scoring scoring = new Scoring(learners, stage, sent, held, metric);
      return SparkJob.described(spark, description, () -> scoring.over(validation));
    }
  }
}
