package dev.mona.data;

import dev.mona.data.StratifiedSplit.Part;
import dev.mona.task.BlockLimits;
import dev.mona.task.SampleBlock;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * The samples of one run: which it trains on, selects on and reports on. They stay where their rows
 * are; none passes through the driver but the few that {@link #first} and {@link #spread} ask for.
 */
public final class TargetSplits {
  private static final long DEALING = 3;
  private static final int BLOCK_SAMPLES = 1024;

  /** Values of a block at most, unless one sample has more. */
  private static final int BLOCK_VALUES = 1 << 25;

  /** Values that a partition of samples to score has at most, unless one block has more. */
  private static final int PARTITION_VALUES = 1 << 26;

  /** Samples and the split whose files hold them. */
  record Source(Split file, Part part) {}

  private final long seed;
  private final Map<Split, SampleRows> rows;
  private final Map<Split, Source> sources;
  private final BlockLimits limits;

  /**
   * @param rows of each split of the set
   * @param sources of what is used as each split
   */
  TargetSplits(long seed, Map<Split, SampleRows> rows, Map<Split, Source> sources) {
    this(seed, rows, sources, BlockLimits.DEFAULT);
  }

  private TargetSplits(
      long seed, Map<Split, SampleRows> rows, Map<Split, Source> sources, BlockLimits limits) {
    this.seed = seed;
    this.rows = rows;
    this.sources = sources;
    this.limits = limits;
  }

  /** The same samples in training blocks of another size. */
  TargetSplits with(BlockLimits others) {
    return new TargetSplits(seed, rows, sources, others);
  }

  /** Number of samples to train on; 0 for a set that has no train split. */
  public int trainSize() {
    return size(Split.TRAIN);
  }

  /** Number of samples to select on; 0 if there are none. */
  public int validationSize() {
    return size(Split.VAL);
  }

  /** Number of samples to report on; 0 for a set that has no test split. */
  public int testSize() {
    return size(Split.TEST);
  }

  /** Number of samples that are used as a split. */
  public int size(Split split) {
    return source(split).part().size();
  }

  /**
   * The training samples, dealt to workers whose sizes differ by at most one, in blocks of limited
   * size. Each partition holds exactly one block, and each worker has as many: those of the first
   * worker, then those of the second, and so on. Which samples a worker has is a pure function of
   * seed, ids and number of workers. Not cached: the caller decides where blocks are kept.
   *
   * @throws dev.mona.MonaException if there are more workers than samples, or none at all
   */
  public JavaRDD<SampleBlock> train(int workers) {
    return samples(Split.TRAIN, workers);
  }

  /** Blocks of each worker's training samples; see {@link #train}. */
  public int trainBlocks(int workers) {
    return limits.blocks(trainSize(), workers, rowsOf(Split.TRAIN).valuesOfSample());
  }

  /**
   * The validation samples by ascending id, in blocks of at most 1,024 and, of long samples, of
   * fewer, which are cut again so that each partition would get one.
   *
   * @param partitions how many there are, unless there are fewer blocks or a partition would be too
   *     large; at least 1
   */
  public JavaRDD<SampleBlock> validation(int partitions) {
    return samples(Split.VAL, partitions);
  }

  /** The test samples, as {@link #validation} gives those of the validation. */
  public JavaRDD<SampleBlock> test(int partitions) {
    return samples(Split.TEST, partitions);
  }

  /** The samples of a split, as {@link #train} or as {@link #validation} gives them. */
  public JavaRDD<SampleBlock> samples(Split split, int partitions) {
    if (split != Split.TRAIN && size(split) == 0) {
      return rows.values().iterator().next().none();
    }
    return rowsOf(split).deal(source(split).part(), key(split), dealing(split, partitions));
  }

  /**
   * The first training samples in the order in which they are dealt to one partition, brought to
   * the driver.
   *
   * @param size how many, or all if there are fewer
   */
  public SampleBlock first(int size) {
    if (size == 0 || trainSize() == 0) {
      return new SampleBlock(new long[0], new float[0], new float[0]);
    }
    return rowsOf(Split.TRAIN).first(source(Split.TRAIN).part(), key(Split.TRAIN), size);
  }

  /**
   * The labels of the first training samples, in one array {@code [n, labelLength]} of one
   * partition; they are not brought to the driver.
   *
   * @param size how many, or all if there are fewer; at least 1
   */
  public JavaRDD<float[]> firstLabels(int size) {
    return rowsOf(Split.TRAIN).firstLabels(source(Split.TRAIN).part(), key(Split.TRAIN), size);
  }

  /**
   * Samples of a split, evenly spaced over its blocks, brought to the driver: {@code floor(i n /
   * size)} for each {@code i}.
   *
   * @param partitions as the blocks are asked for
   * @param size how many, or all if there are fewer
   */
  public SampleBlock spread(Split split, int partitions, int size) {
    int all = size(split);
    int n = Math.min(size, all);
    IntUnaryOperator rank = dealing(split, partitions)::rank;
    int[] ranks = IntStream.range(0, n).map(i -> (int) ((long) i * all / n)).map(rank).toArray();
    SampleBlock found =
        rowsOf(split)
            .pick(
                source(split).part(),
                key(split),
                Arrays.stream(ranks).boxed().collect(Collectors.toSet()));
    int[] ascending = Arrays.stream(ranks).sorted().toArray();
    return found.select(Arrays.stream(ranks).map(r -> Arrays.binarySearch(ascending, r)).toArray());
  }

  private SampleKey key(Split split) {
    return split == Split.TRAIN ? SampleKey.shuffled(seed, DEALING) : SampleKey.ID;
  }

  private Dealing dealing(Split split, int partitions) {
    if (split == Split.TRAIN) {
      boolean dealt = partitions > 0 && partitions <= trainSize();
      return Dealing.oneByOne(trainSize(), partitions, dealt ? trainBlocks(partitions) : 1);
    }
    int values = rowsOf(split).valuesOfSample();
    return Dealing.inOrder(
        size(split),
        Math.max(1, Math.min(BLOCK_SAMPLES, BLOCK_VALUES / values)),
        partitions,
        Math.max(1, PARTITION_VALUES / values));
  }

  private Source source(Split split) {
    return Objects.requireNonNull(sources.get(split));
  }

  private SampleRows rowsOf(Split split) {
    return Objects.requireNonNull(rows.get(source(split).file()));
  }
}
