package dev.mona.rounds;

import dev.mona.example.LocalSpark;
import dev.mona.example.SmallJob;
import dev.mona.learner.FoldingLearner;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.BlockIndex;
import dev.mona.task.BlockLimits;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Trains one worker on 768 MiB of samples, which are made when they are asked for. */
final class LargePartition {
  private static final int BLOCKS = 96;
  private static final int SAMPLES = 16;
  private static final int FEATURES = (1 << 17) - 1;
  private static final int VALUES = FEATURES + 1;
  private static final int EPOCHS = 2;
  private static final int FREQUENCY = 100;
  private static final int PARAMETERS = 64;

  /** Windows of eight blocks. */
  private static final BlockLimits LIMITS =
      new BlockLimits((long) SAMPLES * VALUES, 8L * SAMPLES * VALUES);

  private static final LearnerOptions OPTIONS =
      SmallJob.options(
          SmallJob.stage(EPOCHS, 4, SmallJob.SGD),
          SmallJob.stage(0, 4, SmallJob.SGD),
          SmallJob.stage(0, 4, SmallJob.SGD));

  private LargePartition() {}

  /** Prints what comes of it, as {@link #inOneLoop} does without Spark. */
  public static void main(String[] arguments) {
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      System.out.println("reached " + trained(spark));
    }
  }

  private static String trained(JavaSparkContext spark) {
    JavaRDD<SampleBlock> blocks =
        spark
            .parallelize(IntStream.range(0, BLOCKS).boxed().toList(), BLOCKS)
            .map(LargePartition::block);
    Workload workload =
        new Workload(
            new AveragingOptions(1, FREQUENCY, 64),
            new FoldingLearner.Factory(OPTIONS),
            blocks,
            spark.emptyRDD());
    return new PlainSession(spark, LIMITS).run(workload, LargePartition::train);
  }

  private static String train(Workers workers) {
    TrainingState state = workers.initialState(Stage.WARMUP, new float[PARAMETERS]);
    StageSchedule schedule =
        StageSchedule.of(
            Stage.WARMUP, OPTIONS.stage(Stage.WARMUP), FREQUENCY, workers.partitionSizes());
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      state = workers.run(schedule.round(epoch, 0), state, (round, outcome) -> true);
    }
    return text(state);
  }

  /** The learner alone, which takes whole epochs. */
  static String inOneLoop() {
    long[] firstIds = IntStream.range(0, BLOCKS).mapToLong(b -> (long) b * SAMPLES).toArray();
    int[] sizes = new int[BLOCKS];
    Arrays.fill(sizes, SAMPLES);
    PartitionSamples samples =
        new PartitionSamples() {
          @Override
          public BlockIndex index() {
            return new BlockIndex(sizes, firstIds, 8);
          }

          @Override
          public SampleBlock read(int block) {
            return block(block);
          }
        };
    StageSchedule schedule =
        StageSchedule.of(
            Stage.WARMUP,
            OPTIONS.stage(Stage.WARMUP),
            Integer.MAX_VALUE,
            new int[] {samples.size()});
    try (var learner = new FoldingLearner.Factory(OPTIONS).create()) {
      TrainingState state = learner.initialState(Stage.WARMUP, new float[PARAMETERS]);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        state = learner.run(schedule.round(epoch, 0).work(0), state, samples).state();
      }
      return text(state);
    }
  }

  private static String text(TrainingState state) {
    return state.iteration() + " " + Arrays.toString(state.parameters());
  }

  private static SampleBlock block(int b) {
    SampleBlock block =
        new SampleBlock(new long[SAMPLES], new float[SAMPLES * FEATURES], new float[SAMPLES]);
    for (int s = 0; s < SAMPLES; s++) {
      int id = b * SAMPLES + s;
      block.ids()[s] = id;
      block.labels()[s] = id % 7;
      Arrays.fill(block.features(), s * FEATURES, (s + 1) * FEATURES, (float) (id % 1000));
    }
    return block;
  }

  /** Bytes of all samples. */
  static long bytes() {
    return (long) Float.BYTES * BLOCKS * SAMPLES * VALUES;
  }
}
