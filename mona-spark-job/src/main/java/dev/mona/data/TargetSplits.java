package dev.mona.data;

import dev.mona.spark.SparkJob;
import dev.mona.task.SampleBlock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;

/** The samples of one run: which it trains on, selects on and reports on. */
public final class TargetSplits {
  private static final int BLOCK_SAMPLES = 1024;

  /** Values of a block at most, unless one sample has more. */
  private static final int BLOCK_VALUES = 1 << 25;

  /** The samples to select on: their ids, and the split whose file holds them. */
  @SuppressWarnings("ArrayRecordComponent") // seen by this package alone
  record Validation(Split file, long[] ids) {}

  private final long seed;
  private final Map<Split, SampleRows> rows;
  private final long[] train;
  private final Validation validation;
  private final long[] test;

  TargetSplits(
      long seed, Map<Split, SampleRows> rows, long[] train, Validation validation, long[] test) {
    this.seed = seed;
    this.rows = rows;
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  /** Number of samples to train on; 0 for a set that has no train split. */
  public int trainSize() {
    return train.length;
  }

  /** Number of samples to select on; 0 if there are none. */
  public int validationSize() {
    return validation.ids().length;
  }

  /** Number of samples to report on. */
  public int testSize() {
    return test.length;
  }

  /** Ids of the samples to train on, ascending. */
  public long[] trainIds() {
    return train.clone();
  }

  /**
   * The training samples, dealt to partitions whose sizes differ by at most one. Each partition
   * holds exactly one block; which samples it holds, and in which order, is a pure function of
   * seed, ids and number of partitions. Not cached: the caller decides where blocks are kept.
   *
   * @throws dev.mona.MonaException if there are more partitions than samples, or none at all
   */
  public JavaRDD<SampleBlock> train(int partitions) {
    return rows(Split.TRAIN).deal(Dealing.shuffled(seed, train, partitions));
  }

  /**
   * The validation samples by ascending id, in blocks of at most 1,024 and, of long samples, of
   * fewer; brought to the driver.
   */
  public List<SampleBlock> validation() {
    return collect(validation.file(), validation.ids());
  }

  /**
   * The test samples by ascending id, in blocks of at most 1,024 and, of long samples, of fewer;
   * brought to the driver.
   */
  public List<SampleBlock> test() {
    return collect(Split.TEST, test);
  }

  private List<SampleBlock> collect(Split split, long[] ids) {
    if (ids.length == 0) {
      return List.of();
    }
    SampleRows from = rows(split);
    int size = Math.max(1, Math.min(BLOCK_SAMPLES, BLOCK_VALUES / from.valuesOfSample()));
    JavaRDD<SampleBlock> blocks = from.deal(Dealing.ascending(ids, size));
    return List.copyOf(
        SparkJob.described(blocks.context(), "read samples of " + split.id(), blocks::collect));
  }

  private SampleRows rows(Split split) {
    return Objects.requireNonNull(rows.get(split));
  }
}
