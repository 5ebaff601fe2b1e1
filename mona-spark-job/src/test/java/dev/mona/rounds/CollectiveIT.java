package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that are averaged in place, beside those that are averaged over the shuffle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CollectiveIT {
  private static final long SEED = 11;
  private static final int BATCH = 4;
  private static final int FREQUENCY = 2;
  private static final int EPOCHS = 3;
  private static final LearnerOptions OPTIONS =
      SmallJob.options(
          SmallJob.stage(EPOCHS, BATCH, SmallJob.ADAM),
          SmallJob.stage(0, BATCH, SmallJob.ADAM),
          SmallJob.stage(0, BATCH, SmallJob.ADAM));

  /** The second runs out of samples first. */
  private static final int[] SIZES = {30, 9, 17};

  private JavaSparkContext spark;

  static SparkConf conf(String master) {
    return LocalSpark.conf(master).set("spark.plugins", "dev.mona.gauges.MonaPlugin");
  }

  @BeforeAll
  void start() {
    spark = new JavaSparkContext(conf("local[3,3]"));
  }

  @AfterAll
  void stop() {
    spark.close();
  }

  /** What was told of the rounds, and the states of the epochs. */
  private record Trained(List<TrainingState> states, List<List<Object>> rounds) {}

  private static List<SampleBlock> blocks(int workers) {
    return SmallJob.blocks(SEED, java.util.Arrays.copyOf(SIZES, workers));
  }

  /** Runs the warm-up; hands the state over after the rounds of a number within their epoch. */
  private Trained train(
      Transport transport, List<SampleBlock> blocks, Disturbance disturbance, int... handedOver) {
    Workload workload =
        new Workload(
            new AveragingOptions(blocks.size(), FREQUENCY, 7, transport, false),
            SmallJob.learners(OPTIONS, disturbance),
            LocalSpark.partitions(spark, blocks),
            LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
    return new PlainSession(spark)
        .run(
            workload,
            workers -> {
              List<TrainingState> states = new ArrayList<>();
              List<List<Object>> rounds = new ArrayList<>();
              TrainingState state =
                  workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
              StageSchedule schedule =
                  StageSchedule.of(
                      Stage.WARMUP,
                      OPTIONS.stage(Stage.WARMUP),
                      FREQUENCY,
                      workers.partitionSizes());
              for (int epoch = 0; epoch < EPOCHS; epoch++) {
                AtomicInteger next = new AtomicInteger();
                while (next.get() < schedule.roundsPerEpoch()) {
                  state =
                      workers.run(
                          schedule.round(epoch, next.get()),
                          state,
                          (round, outcome) -> {
                            rounds.add(
                                List.of(
                                    round,
                                    outcome.examples(),
                                    outcome.metrics(),
                                    outcome.isFinite()));
                            next.incrementAndGet();
                            return java.util.Arrays.stream(handedOver)
                                .noneMatch(r -> r == round.round());
                          });
                }
                states.add(state);
              }
              return new Trained(states, rounds);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theBytesAreThoseOfTheShuffle(int workers) {
    Trained expected = train(Transport.SHUFFLE, blocks(workers), Disturbance.NONE);
    Trained found = train(Transport.COLLECTIVE, blocks(workers), Disturbance.NONE);
    assertThat(found.states()).hasSize(EPOCHS).isEqualTo(expected.states());
    assertThat(found.rounds()).isEqualTo(expected.rounds());
    assertThat(found.states().get(1)).isNotEqualTo(found.states().get(0));
  }

  @Test
  void handingTheStateOverWithinAnEpochLeavesNoTrace() {
    Trained expected = train(Transport.SHUFFLE, blocks(3), Disturbance.NONE);
    Trained found = train(Transport.COLLECTIVE, blocks(3), Disturbance.sleeping(30, 1), 0, 2);
    assertThat(found.states()).isEqualTo(expected.states());
    assertThat(found.rounds()).isEqualTo(expected.rounds());
  }

  /** Rounds that are repeated are told once. */
  @Test
  void aStageThatBeginsAnewEndsWithTheSameBytes() {
    Trained expected = train(Transport.SHUFFLE, blocks(3), Disturbance.NONE);
    Disturbance fails =
        work -> {
          if (work.partition() == 1 && work.epoch() == 1 && work.steps().first() == FREQUENCY) {
            throw new IllegalStateException("made to fail");
          }
        };
    Trained found = train(Transport.COLLECTIVE, blocks(3), new FailsOnce(fails));
    assertThat(found.states()).isEqualTo(expected.states());
    assertThat(found.rounds()).isEqualTo(expected.rounds());
  }

  /** In this JVM, which is also that of the tasks. */
  private record FailsOnce(Disturbance disturbance) implements Disturbance {
    private static final AtomicInteger FAILED = new AtomicInteger();

    @Override
    public void before(dev.mona.learner.RoundWork work) {
      if (FAILED.get() == 0) {
        try {
          disturbance.before(work);
        } catch (IllegalStateException e) {
          FAILED.incrementAndGet();
          throw e;
        }
      }
    }
  }

  @Test
  void workersThatAlwaysFailEndInOneSentence() {
    Disturbance fails =
        work -> {
          if (work.partition() == 1 && work.epoch() == 1) {
            throw new IllegalStateException("made to fail");
          }
        };
    assertThatThrownBy(() -> train(Transport.COLLECTIVE, blocks(2), fails))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("2 workers that were averaged in place failed 4 times in a row")
        .hasMessageContaining("set averaging.transport to shuffle");
    Trained after = train(Transport.COLLECTIVE, blocks(2), Disturbance.NONE);
    assertThat(after.states()).hasSize(EPOCHS);
  }

  /** An epoch is one job, which ends for an observer that fails. */
  @Test
  void anObserverThatFailsEndsTheRounds() {
    AtomicInteger jobs = new AtomicInteger();
    spark
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart start) {
                if (start.properties().getProperty(Workers.ROUND_PROPERTY) != null) {
                  jobs.incrementAndGet();
                }
              }
            });
    Workload workload =
        new Workload(
            new AveragingOptions(2, FREQUENCY, 7, Transport.COLLECTIVE, false),
            SmallJob.learners(OPTIONS, Disturbance.NONE),
            LocalSpark.partitions(spark, blocks(2)),
            LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
    assertThatThrownBy(
            () ->
                new PlainSession(spark)
                    .run(
                        workload,
                        workers -> {
                          TrainingState state =
                              workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(SEED));
                          return workers.run(
                              new StageSchedule(Stage.WARMUP, 1, 8, BATCH, 1).round(0, 0),
                              state,
                              (round, outcome) -> {
                                throw new IllegalArgumentException("a listener's fault");
                              });
                        }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a listener's fault");
    assertThat(jobs.get()).isEqualTo(1);
  }

  private static AveragingOptions options(int workers, Transport transport, boolean plaintext) {
    return new AveragingOptions(workers, FREQUENCY, 7, transport, plaintext);
  }

  @Test
  void choosesTheShuffleWhereThereIsNothingToGain() {
    assertThat(TransportChoice.of(spark, options(1, Transport.AUTO, false)))
        .isEqualTo(new TransportChoice(Transport.SHUFFLE, "there is one worker"));
    assertThat(TransportChoice.of(spark, options(2, Transport.AUTO, false)))
        .isEqualTo(new TransportChoice(Transport.SHUFFLE, "all workers share one JVM"));
    assertThat(TransportChoice.of(spark, options(2, Transport.COLLECTIVE, false)).transport())
        .isEqualTo(Transport.COLLECTIVE);
  }

  @Test
  void refusesMoreWorkersThanThereIsRoomForAtOnce() {
    assertThatThrownBy(() -> TransportChoice.of(spark, options(4, Transport.COLLECTIVE, false)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("4 workers that are averaged in place have to run at once")
        .hasMessageContaining("room for 3");
  }

  @Test
  void refusesToSendInPlainTextWhereSparkProtectsWhatItSends() {
    SparkConf shielded = spark.getConf();
    for (Map.Entry<String, String> setting :
        Map.of("spark.authenticate", "true", "spark.network.crypto.enabled", "true").entrySet()) {
      SparkConf conf = shielded.clone().set(setting.getKey(), setting.getValue());
      assertThat(TransportChoice.protection(conf, false).orElseThrow())
          .contains(setting.getKey())
          .contains("averaging.collective.plaintext to allow");
      assertThat(TransportChoice.protection(conf, true)).isEmpty();
    }
    assertThat(TransportChoice.protection(shielded, false)).isEmpty();
  }
}
