package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.FoldingLearner;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.BlockLimits;
import dev.mona.task.SampleBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers whose samples are in several blocks, of which some are in memory at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainingBlocksIT {
  private static final long PATIENCE_SECONDS = 300;
  private static final int FREQUENCY = 2;
  private static final int EPOCHS = 3;
  private static final int BLOCKS = 3;
  private static final LearnerOptions OPTIONS =
      SmallJob.options(
          SmallJob.stage(EPOCHS, 4, SmallJob.SGD),
          SmallJob.stage(0, 4, SmallJob.SGD),
          SmallJob.stage(0, 4, SmallJob.SGD));

  /** 10 samples of 6 values in a block of the first worker, 3 or 4 of the second. */
  private static final List<SampleBlock> WHOLE = SmallJob.blocks(5, 30, 10);

  /** Two blocks of the first worker, five of the second. */
  private static final BlockLimits TWO_AT_ONCE = new BlockLimits(60, 120);

  private JavaSparkContext spark;

  @BeforeAll
  void start() {
    spark = new JavaSparkContext(CollectiveIT.conf("local[2,3]"));
  }

  @AfterAll
  void stop() {
    spark.close();
  }

  /** Those of the first worker, then those of the second. */
  private static List<SampleBlock> cut() {
    List<SampleBlock> blocks = new ArrayList<>();
    for (SampleBlock whole : WHOLE) {
      for (int b = 0; b < BLOCKS; b++) {
        int first = b;
        blocks.add(
            whole.select(
                IntStream.range(0, whole.size()).filter(i -> i % BLOCKS == first).toArray()));
      }
    }
    return blocks;
  }

  /** States after each epoch; when one has ended, something happens to the stored samples. */
  private List<TrainingState> train(
      Transport transport, List<SampleBlock> blocks, BlockLimits limits, int... lost) {
    JavaRDD<SampleBlock> training = LocalSpark.partitions(spark, blocks);
    Workload workload =
        new Workload(
            new AveragingOptions(WHOLE.size(), FREQUENCY, 3, transport, false),
            new FoldingLearner.Factory(OPTIONS),
            training,
            LocalSpark.partitions(spark, SmallJob.blocks(3, 9)));
    return new PlainSession(spark, limits)
        .run(
            workload,
            workers -> {
              assertThat(workers.partitionSizes()).containsExactly(30, 10);
              TrainingState state = workers.initialState(Stage.WARMUP, new float[] {1, 2, 3, 4});
              StageSchedule schedule =
                  StageSchedule.of(
                      Stage.WARMUP,
                      OPTIONS.stage(Stage.WARMUP),
                      FREQUENCY,
                      workers.partitionSizes());
              List<TrainingState> states = new ArrayList<>();
              for (int epoch = 0; epoch < EPOCHS; epoch++) {
                state = workers.run(schedule.round(epoch, 0), state, (round, outcome) -> true);
                states.add(state);
                for (int block : lost) {
                  RDDBlockId id = new RDDBlockId(training.id(), block);
                  assertThat(SparkEnv.get().blockManager().getStatus(id).isDefined()).isTrue();
                  SparkEnv.get().blockManager().removeBlock(id, true);
                }
              }
              return states;
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"SHUFFLE", "COLLECTIVE"})
  void blocksOfOneWindowLeaveTheBytesOfOneBlock(Transport transport) {
    List<TrainingState> expected = train(Transport.SHUFFLE, WHOLE, BlockLimits.DEFAULT);
    assertThat(train(transport, cut(), BlockLimits.DEFAULT)).isEqualTo(expected);
    assertThat(expected.get(1)).isNotEqualTo(expected.get(0));
  }

  @ParameterizedTest
  @EnumSource(names = {"SHUFFLE", "COLLECTIVE"})
  void severalWindowsLeaveTheSameBytesEveryTime(Transport transport) {
    List<TrainingState> expected = train(Transport.SHUFFLE, cut(), TWO_AT_ONCE);
    assertThat(train(transport, cut(), TWO_AT_ONCE)).isEqualTo(expected);
    assertThat(train(Transport.SHUFFLE, WHOLE, TWO_AT_ONCE)).isNotEqualTo(expected);
  }

  /** By lineage, or read again by all where that is not possible. */
  @ParameterizedTest
  @EnumSource(names = {"SHUFFLE", "COLLECTIVE"})
  void blocksThatAreLostAreMadeAgain(Transport transport) {
    List<TrainingState> expected = train(Transport.SHUFFLE, cut(), TWO_AT_ONCE);
    assertThat(train(transport, cut(), TWO_AT_ONCE, 0, 4)).isEqualTo(expected);
  }

  /** 768 MiB in a heap of 512 MiB. */
  @Test
  void aPartitionIsLargerThanTheHeap(@TempDir Path home) throws IOException, InterruptedException {
    long heap = 512L << 20;
    assertThat(LargePartition.bytes()).isGreaterThan(heap * 5 / 4);
    List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
    options.add("-Dspark.local.dir=" + home);
    options.addAll(LocalSpark.options("local[1]"));
    Process process = JavaProcess.start(home, options, LargePartition.class.getName(), List.of());
    assertThat(JavaProcess.ended(process, home, PATIENCE_SECONDS))
        .contains("reached " + LargePartition.inOneLoop());
  }
}
