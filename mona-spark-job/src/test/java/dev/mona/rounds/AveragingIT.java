package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.example.Disturbance;
import dev.mona.example.Errors;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.example.SmallLearner;
import dev.mona.learner.IdleLearner;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.learner.StepRange;
import dev.mona.learner.TrainingState;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.spark.PlainBytes;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Rounds over Spark against one machine, against DL4J's averaging, and against themselves. */
class AveragingIT {
  private static final long SEED = 11;
  private static final int BATCH = 4;
  private static final int EPOCHS = 2;

  private static LearnerOptions warmup(OptimizerOptions optimizer) {
    return SmallJob.options(
        SmallJob.stage(EPOCHS, BATCH, optimizer),
        SmallJob.stage(0, BATCH, optimizer),
        SmallJob.stage(0, BATCH, optimizer));
  }

  /** Runs the warm-up stage and returns the state after every round. */
  private static List<TrainingState> rounds(
      JavaSparkContext spark,
      List<SampleBlock> blocks,
      int frequency,
      int chunkSize,
      SmallLearner.Factory learners) {
    Workload workload =
        new Workload(
            new AveragingOptions(blocks.size(), frequency, chunkSize),
            learners,
            LocalSpark.partitions(spark, blocks),
            LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
    return new PlainSession(spark).run(workload, workers -> rounds(workers, frequency));
  }

  private static List<TrainingState> rounds(Workers workers, int frequency) {
    List<TrainingState> states = new ArrayList<>();
    TrainingState state = workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
    int largest = Arrays.stream(workers.partitionSizes()).max().orElseThrow();
    int perEpoch = (largest + BATCH - 1) / BATCH;
    StageSchedule schedule = new StageSchedule(Stage.WARMUP, EPOCHS, perEpoch, BATCH, frequency);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int r = 0; r < (perEpoch + frequency - 1) / frequency; r++) {
        state = workers.run(schedule.round(epoch, r), state).state();
        states.add(state);
      }
    }
    return states;
  }

  private static List<TrainingState> rounds(
      String master, List<SampleBlock> blocks, int frequency, Disturbance disturbance) {
    try (JavaSparkContext spark = LocalSpark.start(master)) {
      return rounds(
          spark, blocks, frequency, 7, SmallJob.learners(warmup(SmallJob.ADAM), disturbance));
    }
  }

  private static TrainingState last(List<TrainingState> states) {
    return states.get(states.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100})
  void oneWorkerIsTheSingleMachineBitForBit(int frequency) {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 30);
    TrainingState distributed = last(rounds("local[2]", blocks, frequency, Disturbance.NONE));

    int steps = (30 + BATCH - 1) / BATCH;
    TrainingState single;
    try (Learner learner = SmallJob.learners(warmup(SmallJob.ADAM), Disturbance.NONE).create()) {
      single = learner.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        RoundWork work = new RoundWork(Stage.WARMUP, epoch, 0, new StepRange(0, steps, steps));
        single = learner.run(work, single, blocks.get(0)).state();
      }
    }
    assertThat(distributed).isEqualTo(single);
    assertThat(distributed.iteration()).isEqualTo((long) EPOCHS * steps);
  }

  /** Also with shards of different size: the mean is weighted by examples. */
  @ParameterizedTest
  @ValueSource(ints = {24, 17, 9})
  void twoWorkersWithOneSgdStepAreTheJoinedBatch(int secondSize) {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 24, secondSize);
    SmallLearner.Factory learners = SmallJob.learners(warmup(SmallJob.SGD), Disturbance.NONE);
    TrainingState distributed;
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      distributed = last(rounds(spark, blocks, 1, 10, learners));
    }

    LearnerOptions joined =
        SmallJob.options(
            SmallJob.stage(1, 2 * BATCH, SmallJob.SGD),
            SmallJob.stage(0, 1, SmallJob.SGD),
            SmallJob.stage(0, 1, SmallJob.SGD));
    TrainingState single =
        learners.create().initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
    try (Learner learner = SmallJob.learners(joined, Disturbance.NONE).create()) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (List<SampleBlock> step : batches(blocks, epoch)) {
          RoundWork work = new RoundWork(Stage.WARMUP, epoch, 0, new StepRange(0, 1, 1));
          single = learner.run(work, single, SmallJob.join(step)).state();
        }
      }
    }
    assertThat(distributed.parameters())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(single.parameters());
    assertThat(distributed.parameters())
        .as("training moved the parameters")
        .isNotEqualTo(SmallJob.embedderAndHead(SEED));
  }

  /** For every step, the batches of the partitions that still have one. */
  private static List<List<SampleBlock>> batches(List<SampleBlock> blocks, int epoch) {
    List<List<SampleBlock>> steps = new ArrayList<>();
    for (SampleBlock block : blocks) {
      int[] order = SmallLearner.order(7, Stage.WARMUP, epoch, block.ids());
      for (int s = 0; s * BATCH < order.length; s++) {
        if (steps.size() == s) {
          steps.add(new ArrayList<>());
        }
        int to = Math.min(order.length, (s + 1) * BATCH);
        steps.get(s).add(block.select(Arrays.copyOfRange(order, s * BATCH, to)));
      }
    }
    return steps;
  }

  @Test
  void sameBytesWhateverTheCoresTheArrivalAndTheRetries() {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 21, 17, 30, 8, 13);
    List<TrainingState> expected = rounds("local[1]", blocks, 2, Disturbance.NONE);
    assertThat(rounds("local[2]", blocks, 2, Disturbance.NONE)).isEqualTo(expected);
    assertThat(rounds("local[4]", blocks, 2, Disturbance.NONE)).isEqualTo(expected);
    for (long seed = 0; seed < 2; seed++) {
      assertThat(rounds("local[4]", blocks, 2, Disturbance.sleeping(80, seed)))
          .as("sleeps with seed %d", seed)
          .isEqualTo(expected);
    }
    assertThat(rounds("local[2,3]", blocks, 2, Disturbance.failingOnce(1))).isEqualTo(expected);
    try (JavaSparkContext spark =
        new JavaSparkContext(PlainBytes.in(LocalSpark.conf("local[2]")))) {
      assertThat(
              rounds(
                  spark, blocks, 2, 7, SmallJob.learners(warmup(SmallJob.ADAM), Disturbance.NONE)))
          .as("as a run sets Spark")
          .isEqualTo(expected);
    }
  }

  /** The state's zeros would compress to nothing. */
  @Test
  void whatARunShufflesIsTheStatesAsTheyAre() {
    AtomicLong written = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            written.addAndGet(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
          }
        };
    oneRound(PlainBytes.in(LocalSpark.conf("local[2]")), 3, listener);
    long states = 3 * 4 * 300_000;
    assertThat(written.get()).isBetween(states, states + states / 100);
  }

  @Test
  void agreesWithDl4jParameterAveragingForSgd() {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 24, 24);
    TrainingState ours;
    INDArray theirs;
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      ours =
          last(
              rounds(
                  spark,
                  blocks,
                  1,
                  1000,
                  SmallJob.learners(warmup(SmallJob.SGD), Disturbance.NONE)));
      ParameterAveragingTrainingMaster master =
          new ParameterAveragingTrainingMaster.Builder(2, BATCH)
              .batchSizePerWorker(BATCH)
              .averagingFrequency(1)
              .workerPrefetchNumBatches(0)
              .rddTrainingApproach(RDDTrainingApproach.Direct)
              .repartionData(Repartition.Never)
              .build();
      ComputationGraph graph = LocalSpark.graph(0.1);
      load(graph, SmallJob.embedderAndHead(SEED));
      SparkComputationGraph reference = new SparkComputationGraph(spark, graph, master);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (List<SampleBlock> step : batches(blocks, epoch)) {
          List<DataSet> round = step.stream().map(AveragingIT::dataSet).toList();
          reference.fit(spark.parallelize(round, 2));
        }
      }
      theirs = flat(reference.getNetwork());
    }
    assertThat(ours.parameters())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(theirs.toFloatVector());
  }

  private static DataSet dataSet(SampleBlock block) {
    INDArray labels = Nd4j.zeros(block.size(), SmallJob.OUTPUTS);
    for (int i = 0; i < block.size(); i++) {
      labels.putScalar(i, (int) block.labels()[i], 1);
    }
    return new DataSet(
        Nd4j.create(block.features(), new long[] {block.size(), SmallJob.FEATURES}), labels);
  }

  /** DL4J holds weights as [in, out]. */
  private static void load(ComputationGraph graph, float[] flat) {
    float[] e = Arrays.copyOfRange(flat, 0, SmallJob.EMBEDDER);
    int bias = SmallJob.EMBEDDER + SmallJob.OUTPUTS * SmallJob.HIDDEN;
    float[] h = Arrays.copyOfRange(flat, SmallJob.EMBEDDER, bias);
    float[] b = Arrays.copyOfRange(flat, bias, flat.length);
    graph
        .getLayer("embedder")
        .getParam("W")
        .assign(Nd4j.create(e, new long[] {SmallJob.HIDDEN, SmallJob.FEATURES}).transpose());
    graph
        .getLayer("head")
        .getParam("W")
        .assign(Nd4j.create(h, new long[] {SmallJob.OUTPUTS, SmallJob.HIDDEN}).transpose());
    graph.getLayer("head").getParam("b").assign(Nd4j.create(b, new long[] {1, b.length}));
  }

  private static INDArray flat(ComputationGraph graph) {
    return Nd4j.concat(
        0,
        row(graph.getLayer("embedder").getParam("W").transpose()),
        row(graph.getLayer("head").getParam("W").transpose()),
        row(graph.getLayer("head").getParam("b")));
  }

  private static INDArray row(INDArray array) {
    return array.dup('c').reshape(array.length());
  }

  @Test
  void driverTrafficDoesNotGrowWithTheNumberOfPartitions() {
    long two = resultBytes(2);
    long eight = resultBytes(8);
    assertThat(two).as("a state of 300,000 floats").isGreaterThan(4 * 300_000);
    assertThat((double) eight).as("2 partitions: %d bytes", two).isLessThan(1.05 * two);
  }

  /** The learner gets the state's own arrays, and its own come back. */
  @Test
  void oneWorkerInTheDriversJvmHandsItsStateOverWithoutACopy() {
    assertThat(resultBytes(1)).as("a report").isLessThan(20_000);
    TrainingState start = new TrainingState(new float[] {1, 2, 3}, new float[] {4, 5}, 0);
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      Workload workload =
          new Workload(
              new AveragingOptions(1, 1, 2),
              IdleLearner::new,
              LocalSpark.partitions(spark, SmallJob.blocks(SEED, 5)),
              LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
      Round round = new StageSchedule(Stage.WARMUP, 1, 1, 5, 1).round(0, 0);
      TrainingState reached =
          new PlainSession(spark).run(workload, workers -> workers.run(round, start).state());
      assertThat(reached.iteration()).isEqualTo(1);
      assertThat(reached.parameters()).containsExactly(start.parameters());
      assertThat(reached.moments()).as("IdleLearner hands these on").isSameAs(start.moments());
    }
  }

  /** Bytes of all task results of a round of a state of 300,000 floats. */
  private static long resultBytes(int partitions) {
    AtomicLong bytes = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            bytes.addAndGet(end.taskMetrics().resultSize());
          }
        };
    oneRound(LocalSpark.conf("local[2]"), partitions, listener);
    return bytes.get();
  }

  /** A round of a state of 300,000 floats; the listener has heard of all of it at the end. */
  private static void oneRound(SparkConf conf, int partitions, SparkListener listener) {
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      int[] sizes = IntStream.range(0, partitions).map(i -> 1).toArray();
      Workload workload =
          new Workload(
              new AveragingOptions(partitions, 1, 5_000),
              IdleLearner::new,
              LocalSpark.partitions(spark, SmallJob.blocks(SEED, sizes)),
              LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
      long examples =
          new PlainSession(spark)
              .run(
                  workload,
                  workers -> {
                    TrainingState state =
                        new TrainingState(new float[100_000], new float[200_000], 0);
                    Round round = new StageSchedule(Stage.WARMUP, 1, 1, 1, 1).round(0, 0);
                    spark.sc().addSparkListener(listener);
                    return workers.run(round, state).examples();
                  });
      assertThat(examples).isEqualTo(partitions);
    } // stopping drains the listener bus
  }

  @Test
  void roundsReportMetricsTimesAndScores() {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 12, 8);
    RoundOutcome outcome;
    List<Double> scores = new ArrayList<>();
    LearnerOptions options = warmup(SmallJob.SGD);
    List<SampleBlock> validation = SmallJob.blocks(3, 9, 5, 20);
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      Workload workload =
          new Workload(
              new AveragingOptions(2, 3, 100),
              SmallJob.learners(options, Disturbance.sleeping(50, 1)),
              LocalSpark.partitions(spark, blocks),
              LocalSpark.partitions(spark, validation));
      outcome =
          new PlainSession(spark)
              .run(
                  workload,
                  workers -> {
                    assertThat(workers.partitionSizes()).containsExactly(12, 8);
                    TrainingState state =
                        workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
                    Round round = new StageSchedule(Stage.WARMUP, 1, 3, BATCH, 3).round(0, 0);
                    RoundOutcome first = workers.run(round, state);
                    scores.add(
                        workers.validate(
                            "validate",
                            Stage.WARMUP,
                            first.state(),
                            first.state().parameters(),
                            new Errors()));
                    return first;
                  });
      assertThat(spark.sc().getPersistentRDDs().size()).as("cached data left").isZero();
    }
    assertThat(outcome.examples()).isEqualTo(20);
    assertThat(outcome.metrics().counts()).containsEntry("loss", 20L);
    assertThat(outcome.seconds()).isGreaterThan(outcome.averagingSeconds()).isPositive();

    SampleBlock all = SmallJob.join(validation);
    try (Learner learner = SmallJob.learners(options, Disturbance.NONE).create()) {
      var errors = new Errors().start();
      errors.add(learner.predict(Stage.WARMUP, outcome.state(), all), all.labels(), all.size());
      assertThat(scores).containsExactly(errors.value());
    }
  }

  @Test
  void refusesDataThatIsNotOneBlockAPartition() {
    List<SampleBlock> blocks = SmallJob.blocks(SEED, 4, 4, 4);
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      JavaRDD<SampleBlock> validation = LocalSpark.partitions(spark, blocks);
      AveragingOptions two = new AveragingOptions(2, 1, 10);
      Workload uneven =
          new Workload(two, IdleLearner::new, spark.parallelize(blocks, 2), validation);
      assertThatThrownBy(() -> new PlainSession(spark).run(uneven, workers -> 0))
          .hasStackTraceContaining("2 data sets instead of one");
      JavaRDD<SampleBlock> three = spark.parallelize(blocks, 3);
      assertThatThrownBy(() -> new Workload(two, IdleLearner::new, three, validation))
          .hasMessageContaining("3 partitions of training data for 2 workers");
    }
  }
}
