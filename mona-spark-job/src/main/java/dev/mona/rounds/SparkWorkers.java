package dev.mona.rounds;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.metric.Metric;
import dev.mona.spark.SparkJob;
import dev.mona.task.SampleBlock;
import dev.mona.tensor.SerialFloats;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Workers as Spark tasks. Over the shuffle, a round is one Spark job of two stages: local steps,
 * then the mean of every chunk (reduce-scatter), of which the driver collects one vector and one
 * report, however many partitions there are. In place, an epoch is one barrier stage.
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
  private final @Nullable CollectiveRounds inPlace;

  SparkWorkers(
      JavaSparkContext spark,
      JobLearners learners,
      AveragingOptions options,
      JavaRDD<SampleBlock> blocks,
      JavaRDD<SampleBlock> validation) {
    this.spark = spark;
    this.learners = learners;
    this.chunkSize = options.chunkSize();
    this.blocks = blocks;
    this.validation = validation;
    this.steps = spark.sc().longAccumulator(STEPS);
    this.inPlace =
        options.transport() == Transport.COLLECTIVE
            ? new CollectiveRounds(spark, learners, blocks, steps)
            : null;
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
    Broadcast<SerialFloats> sent = spark.broadcast(new SerialFloats(parameters));
    try {
      StageStart start = new StageStart(learners, sent);
      return SparkJob.described(
          spark,
          stage.id() + " start",
          () -> spark.parallelize(List.of(stage), 1).map(start).first());
    } finally {
      sent.destroy();
    }
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
    StateChunks chunks = StateChunks.of(state, chunkSize);
    Broadcast<TrainingState> sent = spark.broadcast(state);
    List<Contribution> reduced;
    try {
      RoundTask task = new RoundTask(new LocalSteps(learners, round, sent), chunkSize, steps);
      String description = round.description(sizes.length);
      spark.setLocalProperty(ROUND_PROPERTY, description);
      reduced = SparkJob.described(spark, description, () -> reduce(task, reducers(chunks)));
    } finally {
      spark.setLocalProperty(ROUND_PROPERTY, null);
      sent.destroy();
    }
    return assemble(reduced, chunks, state, round, began);
  }

  /** No more reducers than workers: each has about as much to sum as a worker has to send. */
  private int reducers(StateChunks chunks) {
    return Math.min(sizes.length, chunks.count() + 1);
  }

  private List<Contribution> reduce(RoundTask task, int reducers) {
    JavaPairRDD<ChunkKey, Contribution> sent =
        JavaPairRDD.fromJavaRDD(blocks.mapPartitionsWithIndex(task, true));
    if (sizes.length == 1) {
      // in order already, and nobody to exchange with
      return sent.mapPartitions(new ChunkReduce()).collect();
    }
    JavaPairRDD<ChunkKey, Contribution> sorted =
        sent.repartitionAndSortWithinPartitions(new ChunkPartitioner(reducers));
    try {
      return sorted.mapPartitions(new ChunkReduce()).collect();
    } finally {
      // a round leaves workers x state on the executors' disks, which nothing reads again
      sorted.rdd().cleanShuffleDependencies(false);
    }
  }

  private static RoundOutcome assemble(
      List<Contribution> reduced,
      StateChunks chunks,
      TrainingState start,
      Round round,
      long began) {
    Contribution.@Nullable Report report = null;
    int pasted = 0;
    TrainingState averaged =
        new TrainingState(
            new float[chunks.parameters()],
            new float[chunks.moments()],
            start.iteration() + round.steps().count());
    for (Contribution contribution : reduced) {
      if (contribution instanceof Contribution.Report one) {
        report = one;
      } else if (contribution instanceof Contribution.Chunk chunk) {
        chunks.paste(chunk.values(), chunk.chunk(), averaged);
        pasted++;
      }
    }
    if (report == null || pasted != chunks.count() || report.iteration() != averaged.iteration()) {
      throw new IllegalStateException(
          "round came back with "
              + pasted
              + " of "
              + chunks.count()
              + " chunks and report "
              + report
              + ", expected iteration "
              + averaged.iteration());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new RoundOutcome(
        averaged,
        report.examples(),
        report.metrics(),
        seconds,
        Math.max(0, seconds - report.localSeconds()));
  }

  @Override
  public double validate(String description, Stage stage, float[] parameters, Metric metric) {
    Broadcast<TrainingState> sent = spark.broadcast(new TrainingState(parameters, NO_MOMENTS, 0));
    try {
      String held = inPlace == null ? "" : inPlace.nameOf(parameters);
      Scoring scoring = new Scoring(learners, stage, sent, held, metric);
      return SparkJob.described(spark, description, () -> scoring.over(validation));
    } finally {
      sent.destroy();
    }
  }
}
