package dev.mona.dl4jspark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.RoundOutcome;
import dev.mona.rounds.StageSchedule;
import dev.mona.rounds.Workers;
import dev.mona.rounds.Workload;
import dev.mona.task.SampleBlock;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.data.Offset;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The training master as a user of DL4J has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonaTrainingMasterIT {
  private static final AveragingOptions OPTIONS = new AveragingOptions(2, 2, 10);
  private static final LearnerFactory LEARNERS =
      SmallJob.learners(SmallJob.threeStages(), Disturbance.NONE);
  private static final List<SampleBlock> TRAINING = SmallJob.blocks(11, 24, 17);

  private JavaSparkContext spark;
  private JavaRDD<SampleBlock> validation;

  @BeforeAll
  void start() {
    spark = LocalSpark.start("local[2]");
    validation = LocalSpark.partitions(spark, SmallJob.blocks(3, 9));
  }

  @AfterAll
  void stop() {
    spark.close();
  }

  /** Two rounds of the warm-up; the second. */
  private static RoundOutcome twoRounds(Workers workers) {
    StageSchedule schedule = new StageSchedule(Stage.WARMUP, 1, 3, 8, 2);
    TrainingState state = workers.initialState(Stage.WARMUP, SmallJob.embedderAndHead(11));
    state = workers.run(schedule.round(0, 0), state).state();
    return workers.run(schedule.round(0, 1), state);
  }

  @Test
  void aFitIsAJobWithTheBytesOfAPlainOneAndTheGraphIsToldTheScore() {
    MonaTrainingMaster<RoundOutcome> master =
        new MonaTrainingMaster<>(OPTIONS, LEARNERS, validation, MonaTrainingMasterIT::twoRounds);
    assertThatThrownBy(master::result).hasMessageContaining("call fitMultiDataSet first");
    SparkComputationGraph graph = new SparkComputationGraph(spark, LocalSpark.graph(0.1), master);
    graph.fitMultiDataSet(BlockDataSet.pack(LocalSpark.partitions(spark, TRAINING)));

    Workload workload =
        new Workload(OPTIONS, LEARNERS, LocalSpark.partitions(spark, TRAINING), validation);
    RoundOutcome plain = new PlainSession(spark).run(workload, MonaTrainingMasterIT::twoRounds);
    assertThat(master.result().state()).isEqualTo(plain.state());
    assertThat(master.result().metrics()).isEqualTo(plain.metrics());
    assertThat(graph.getScore()).isEqualTo(plain.metrics().means().get("loss"), Offset.offset(0.0));
    assertThat(spark.sc().getPersistentRDDs().size()).as("cached data left").isZero();
  }

  @Test
  void refusesDataThatIsNotOneBlockAPartition() {
    List<SampleBlock> blocks = SmallJob.blocks(11, 4, 4, 4);
    MonaTrainingMaster<Integer> master =
        new MonaTrainingMaster<>(OPTIONS, LEARNERS, validation, workers -> 0);
    SparkComputationGraph graph = new SparkComputationGraph(spark, LocalSpark.graph(0.1), master);
    assertThatThrownBy(() -> graph.fitMultiDataSet(BlockDataSet.pack(spark.parallelize(blocks, 2))))
        .hasStackTraceContaining("2 data sets instead of one");
    assertThatThrownBy(() -> graph.fitMultiDataSet(BlockDataSet.pack(spark.parallelize(blocks, 3))))
        .hasMessageContaining("3 partitions of training data for 2 workers");
    assertThatThrownBy(() -> graph.fit(spark.parallelize(List.of())))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("call fitMultiDataSet");
    assertThatThrownBy(() -> master.getWorkerInstance(graph))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("a worker for minibatches");
  }
}
