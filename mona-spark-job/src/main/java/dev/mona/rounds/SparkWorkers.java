package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.spark.Sent;
import dev.mona.spark.SparkJob;
import dev.mona.task.SampleBlock;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Workers as Spark tasks. A round is one Spark job, of a {@link ShuffledMean} or of a {@link
 * SingleTask}.
 */
final class SparkWorkers implements Workers {
  private static final float[] NO_MOMENTS = {};

  private final JavaSparkContext spark;
  private final JobLearners learners;
  private final int chunkSize;
  private final JavaRDD<SampleBlock> blocks;
  private final JavaRDD<SampleBlock> validation;
  private final int[] sizes;
  private final LongAccumulator steps;

  SparkWorkers(
      JavaSparkContext spark,
      JobLearners learners,
      int chunkSize,
      JavaRDD<SampleBlock> blocks,
      JavaRDD<SampleBlock> validation) {
    this.spark = spark;
    this.learners = learners;
    this.chunkSize = chunkSize;
    this.blocks = blocks;
    this.validation = validation;
    this.steps = spark.sc().longAccumulator(STEPS);
    this.sizes =
        SparkJob.described(
            spark, "load training samples", () -> sizes(blocks.map(SampleBlock::size).glom()));
  }

  private static int[] sizes(JavaRDD<List<Integer>> found) {
    return found.collect().stream()
        .mapToInt(
            partition -> {
              if (partition.size() != 1) {
                throw new IllegalArgumentException(
                    "a partition has " + partition.size() + " data sets instead of one");
              }
              return partition.get(0);
            })
        .toArray();
  }

  @Override
  public int[] partitionSizes() {
    return sizes.clone();
  }

  @Override
  public TrainingState initialState(Stage stage, float[] parameters) {
    return SparkJob.described(
        spark, stage.id() + " start", () -> StageStart.of(spark, learners, stage, parameters));
  }

  @Override
  public RoundOutcome run(Round round, TrainingState state) {
    long began = System.nanoTime();
    String description = round.description(sizes.length);
    Averaged averaged;
    try (Sent<TrainingState> start = Sent.to(spark, state)) {
      LocalSteps local = new LocalSteps(learners, round, start);
      spark.setLocalProperty(ROUND_PROPERTY, description);
      averaged = SparkJob.described(spark, description, () -> average(local));
    } finally {
      spark.setLocalProperty(ROUND_PROPERTY, null);
    }
    return averaged.outcome(round, state, began);
  }

  private Averaged average(LocalSteps local) {
    return spark.isLocal() && sizes.length == 1
        ? SingleTask.run(blocks, local, steps)
        : new ShuffledMean(chunkSize, sizes.length).of(blocks, local, steps);
  }

  @Override
  public double validate(String description, Stage stage, float[] parameters, Metric metric) {
    try (Sent<TrainingState> sent = Sent.to(spark, new TrainingState(parameters, NO_MOMENTS, 0))) {
      Scoring scoring = new Scoring(learners, stage, sent, metric);
      return SparkJob.described(spark, description, () -> scoring.over(validation));
    }
  }
}
