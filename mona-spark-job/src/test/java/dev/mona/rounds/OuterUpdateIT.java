package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.compute.Nesterov;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.Learner;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.RoundResult;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outer steps and moments that stay, over both transports, beside plain loops. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OuterUpdateIT {
  private static final long SEED = 11;
  private static final int BATCH = 4;
  private static final int FREQUENCY = 2;
  private static final int EPOCHS = 3;
  private static final Nesterov STEP = new Nesterov(0.7, 0.9);
  private static final OuterUpdate NESTEROV = new OuterUpdate(STEP, OuterUpdate.Moments.AVERAGE);
  private static final OuterUpdate LOCAL = new OuterUpdate(null, OuterUpdate.Moments.LOCAL);
  private static final OuterUpdate BOTH = new OuterUpdate(STEP, OuterUpdate.Moments.LOCAL);
  private static final LearnerOptions OPTIONS =
      SmallJob.options(
          SmallJob.stage(EPOCHS, BATCH, SmallJob.ADAM),
          SmallJob.stage(0, BATCH, SmallJob.ADAM),
          SmallJob.stage(0, BATCH, SmallJob.ADAM));

  /** The second runs out of samples first. */
  private static final int[] SIZES = {30, 9, 17};

  private JavaSparkContext spark;

  @BeforeAll
  void start() {
    spark = new JavaSparkContext(CollectiveIT.conf("local[3,3]"));
  }

  @AfterAll
  void stop() {
    spark.close();
  }

  private static List<SampleBlock> blocks(int workers) {
    return SmallJob.blocks(SEED, Arrays.copyOf(SIZES, workers));
  }

  private static AveragingOptions options(int workers, Transport transport, OuterUpdate outer) {
    return new AveragingOptions(workers, FREQUENCY, 7, transport, false).to(outer);
  }

  private List<TrainingState> train(
      Transport transport, OuterUpdate outer, int workers, Disturbance disturbance) {
    return train(transport, outer, workers, disturbance, -1);
  }

  /** States of the epochs; handed over also after a round of a number in each of them. */
  private List<TrainingState> train(
      Transport transport,
      OuterUpdate outer,
      int workers,
      Disturbance disturbance,
      int handedOver) {
    Workload workload =
        new Workload(
            options(workers, transport, outer),
            SmallJob.learners(OPTIONS, disturbance),
            LocalSpark.partitions(spark, blocks(workers)),
            LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
    return new PlainSession(spark).run(workload, with -> epochs(with, handedOver));
  }

  private static List<TrainingState> epochs(Workers workers, int handedOver) {
    List<TrainingState> states = new ArrayList<>();
    StageSchedule schedule =
        StageSchedule.of(
            Stage.WARMUP, OPTIONS.stage(Stage.WARMUP), FREQUENCY, workers.partitionSizes());
    TrainingState state = workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      int[] next = {0};
      while (next[0] < schedule.roundsPerEpoch()) {
        state =
            workers.run(
                schedule.round(epoch, next[0]),
                state,
                (round, outcome) -> {
                  assertThat(outcome.isFinite()).isTrue();
                  next[0]++;
                  return round.round() != handedOver;
                });
      }
      states.add(state);
    }
    return states;
  }

  /** Workers one after the other in plain loops: all values in one vector, moments in two. */
  private static List<TrainingState> plainly(OuterUpdate outer, int workers) {
    List<SampleBlock> blocks = blocks(workers);
    int[] sizes = blocks.stream().mapToInt(SampleBlock::size).toArray();
    StageSchedule schedule =
        StageSchedule.of(Stage.WARMUP, OPTIONS.stage(Stage.WARMUP), FREQUENCY, sizes);
    boolean local = outer.moments() == OuterUpdate.Moments.LOCAL;
    List<TrainingState> states = new ArrayList<>();
    try (Learner learner = SmallJob.learners(OPTIONS, Disturbance.NONE).create()) {
      TrainingState start = learner.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
      float[] x = start.parameters();
      float[] u = new float[outer.step() == null ? 0 : x.length];
      float[][] moments = new float[workers][];
      Arrays.fill(moments, start.moments());
      long iteration = 0;
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        long[] seen = new long[workers];
        for (int r = 0; r < schedule.roundsPerEpoch(); r++) {
          Round round = schedule.round(epoch, r);
          float[][] reached = new float[workers][];
          long[] examples = new long[workers];
          for (int p = 0; p < workers; p++) {
            TrainingState from = new TrainingState(x, moments[p], iteration);
            RoundResult result = learner.run(round.work(p), from, blocks.get(p));
            reached[p] = result.state().parameters();
            moments[p] = result.state().moments();
            examples[p] = result.examples();
            seen[p] += examples[p];
          }
          float[] mean = mean(reached, examples);
          x = outer.step() == null ? mean : stepped(x, mean, u);
          iteration += round.steps().count();
          if (!local) {
            Arrays.fill(moments, mean(moments, examples));
          }
        }
        Arrays.fill(moments, local ? mean(moments, seen) : moments[0]);
        states.add(new TrainingState(x, moments[0], u.clone(), iteration));
      }
    }
    return states;
  }

  private static float[] mean(float[][] values, long[] weights) {
    float[] mean = new float[values[0].length];
    long total = Arrays.stream(weights).sum();
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (int p = 0; p < weights.length; p++) {
        sum += (double) weights[p] * values[p][i];
      }
      mean[i] = (float) (sum / total);
    }
    return mean;
  }

  private static float[] stepped(float[] x, float[] mean, float[] u) {
    float[] stepped = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double d = (double) x[i] - mean[i];
      u[i] = (float) (0.9 * u[i] + d);
      stepped[i] = (float) (x[i] - 0.7 * (d + 0.9 * u[i]));
    }
    return stepped;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anOuterStepIsThatOfPlainLoopsByEitherTransport(int workers) {
    List<TrainingState> expected = plainly(NESTEROV, workers);
    assertThat(train(Transport.SHUFFLE, NESTEROV, workers, Disturbance.NONE)).isEqualTo(expected);
    assertThat(train(Transport.COLLECTIVE, NESTEROV, workers, Disturbance.NONE))
        .isEqualTo(expected);
    // it is carried from epoch to epoch, and does something
    assertThat(expected.get(1).velocity()).isNotEqualTo(expected.get(0).velocity());
    assertThat(expected).isNotEqualTo(plainly(OuterUpdate.MEAN, workers));
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, false", "2, true", "3, true"})
  void momentsThatStayAreThoseOfPlainLoops(int workers, boolean nesterov) {
    OuterUpdate outer = nesterov ? BOTH : LOCAL;
    List<TrainingState> expected = plainly(outer, workers);
    assertThat(train(Transport.COLLECTIVE, outer, workers, Disturbance.sleeping(20, 1)))
        .isEqualTo(expected);
    assertThat(expected).isNotEqualTo(plainly(nesterov ? NESTEROV : OuterUpdate.MEAN, workers));
  }

  /** By any transport. */
  @Test
  void momentsOfOneWorkerAreTheirAverage() {
    List<TrainingState> expected = plainly(NESTEROV, 1);
    for (Transport transport : Transport.values()) {
      assertThat(train(transport, BOTH, 1, Disturbance.NONE, 1)).isEqualTo(expected);
    }
  }

  @Test
  void handingTheVelocityOverWithinAnEpochLeavesNoTrace() {
    List<TrainingState> expected = plainly(NESTEROV, 3);
    assertThat(train(Transport.COLLECTIVE, NESTEROV, 3, Disturbance.sleeping(20, 1), 1))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStageThatBeginsAnewEndsWithTheSameBytes(boolean local) {
    OuterUpdate outer = local ? BOTH : NESTEROV;
    FailsOnce.FAILED.set(false);
    assertThat(train(Transport.COLLECTIVE, outer, 3, new FailsOnce())).isEqualTo(plainly(outer, 3));
    assertThat(FailsOnce.FAILED).isTrue();
  }

  /** In this JVM, which is also that of the tasks. */
  private record FailsOnce() implements Disturbance {
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @Override
    public void before(dev.mona.learner.RoundWork work) {
      if (work.partition() == 1
          && work.epoch() == 1
          && work.steps().first() == FREQUENCY
          && FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("made to fail");
      }
    }
  }

  @Test
  void momentsCanOnlyStayWithWorkersThatStay() {
    assertThatThrownBy(() -> TransportChoice.of(spark, options(2, Transport.SHUFFLE, LOCAL)))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("averaging.moments is local and averaging.transport is shuffle")
        .hasMessageEndingWith(
            "set averaging.transport to collective, or averaging.moments to average");
    assertThatThrownBy(() -> TransportChoice.of(spark, options(4, Transport.AUTO, LOCAL)))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("averaging.moments is local, for which workers have to be averaged")
        .hasMessageContaining("room for 3")
        .hasMessageEndingWith("or set averaging.moments to average");
    assertThat(TransportChoice.of(spark, options(2, Transport.AUTO, LOCAL)))
        .isEqualTo(new TransportChoice(Transport.COLLECTIVE, "workers keep moments of their own"));
    assertThat(TransportChoice.of(spark, options(1, Transport.SHUFFLE, LOCAL)).transport())
        .isEqualTo(Transport.SHUFFLE);
    assertThat(TransportChoice.of(spark, options(2, Transport.AUTO, NESTEROV)).transport())
        .isEqualTo(Transport.SHUFFLE);
  }
}
