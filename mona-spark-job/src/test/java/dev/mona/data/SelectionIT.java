package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.convert.ConverterTest;
import dev.mona.example.LocalSpark;
import dev.mona.task.BlockLimits;
import dev.mona.task.SampleBlock;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples that are chosen, ranked and dealt where they are, against the same in plain arrays. */
class SelectionIT {
  private static final SparkSession SPARK = LocalSpark.session("local[2]");
  private static final int MANY = 2_000_000;

  @TempDir private Path directory;

  @AfterAll
  static void stop() {
    SPARK.stop();
  }

  /** Ids and classes of many samples in several partitions, not in order. */
  private static Dataset<Row> ids(long samples, int classes) {
    return SPARK
        .range(0, samples, 1, 5)
        .selectExpr(
            "id * 1000003 % " + samples + " * 3 - " + samples + " as id",
            "cast(pmod(id, " + classes + ") as int) as label");
  }

  @Test
  void theDriverGetsFewNumbersOfTwoMillionIds() {
    SampleIds ids = SampleIds.of(ids(MANY, 3), true);
    int[] sizes = {666_667, 666_667, 666_666};
    Counted counted = new Counted(ids);
    StratifiedSplit.Result result =
        StratifiedSplit.split(new StratifiedSplit.Strata(counted, sizes), 0.1, 1_000_000, 11);
    assertThat(counted.numbers).isLessThan(4 * RankSearch.CELLS + RankSearch.FEW);
    long[] all = LongStream.range(0, MANY).map(i -> i * 1_000_003 % MANY * 3 - MANY).toArray();
    int[] classes = IntStream.range(0, MANY).map(i -> i % 3).toArray();
    ArrayPopulation arrays = new ArrayPopulation(all, classes, 3);
    RankedSplit.Result expected = RankedSplit.split(all, classes, 3, 0.1, 1_000_000, 11);
    assertThat(arrays.chosen(result.train().choice())).isEqualTo(expected.train());
    assertThat(arrays.chosen(result.validation().choice())).isEqualTo(expected.validation());
    SampleKey key = SampleKey.shuffled(11, 3);
    long[] hashes = Arrays.stream(expected.train()).map(key::of).sorted().toArray();
    assertThat(ids.last(result.train(), key, 12_345)).isEqualTo(hashes[12_344]);
  }

  /** Counts what crosses from the executors. */
  private static final class Counted implements StratifiedSplit.Population {
    private final SampleIds ids;
    private long numbers;

    Counted(SampleIds ids) {
      this.ids = ids;
    }

    @Override
    public RankSearch.Keys keys(Choice among, SampleKey key) {
      RankSearch.Keys keys = ids.keys(among, key);
      return new RankSearch.Keys() {
        @Override
        public long[] count(RankSearch.Cells cells) {
          long[] counts = keys.count(cells);
          numbers += counts.length;
          return counts;
        }

        @Override
        public List<RankSearch.Found> within(RankSearch.Cells cells) {
          List<RankSearch.Found> found = keys.within(cells);
          found.forEach(part -> numbers += part.keys().length);
          return found;
        }
      };
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void ranksAreThoseOfTheSortedKeys(boolean hashed) {
    int samples = 200_000;
    SampleIds ids = SampleIds.of(ids(samples, 2), true);
    SampleKey key = hashed ? SampleKey.shuffled(4, 3) : SampleKey.ID;
    long[] sorted =
        LongStream.range(0, samples).map(i -> key.of(3 * i - samples)).sorted().toArray();
    List<int[]> ranks =
        ids.ranks(new StratifiedSplit.Part(Choice.ALL, samples), key)
            .map(
                of ->
                    LongStream.range(0, samples)
                        .mapToInt(i -> of.of(key.of(3 * i - samples)))
                        .toArray())
            .collect();
    assertThat(ranks).hasSize(5);
    for (int i = 0; i < samples; i++) {
      int at = i;
      // of one partition and of no other
      int[] found = ranks.stream().mapToInt(of -> of[at]).filter(rank -> rank >= 0).toArray();
      assertThat(found).containsExactly(Arrays.binarySearch(sorted, key.of(3L * i - samples)));
    }
  }

  @Test
  void theLowestRepeatedIdIsFound() {
    SampleIds one = SampleIds.of(ids(1000, 2), true);
    Dataset<Row> more = SPARK.range(5000, 6000, 1, 3).toDF("id");
    SampleIds other = SampleIds.of(more, false);
    assertThat(SampleIds.lowestRepeated(List.of(one, other))).isEmpty();
    SampleIds repeats =
        SampleIds.of(more.union(SPARK.range(5990, 5992).toDF("id")).repartition(4), false);
    assertThat(SampleIds.lowestRepeated(List.of(one, repeats))).hasValue(5990L);
    assertThat(SampleIds.lowestRepeated(List.of(other, one, repeats))).hasValue(5000L);
  }

  /** The first samples, some of a split and its blocks, from a file in any order. */
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void someSamplesAreThoseOfTheBlocks(int partitions) {
    ConvertedSet set = new ConvertedSet(SPARK, directory).convert(NumpySet.small(false), false);
    set.replaceTrain(set.trainRows().orderBy(functions.rand(2)), 6);
    TargetSplits splits = set.open().split(new SplitOptions(3, 0.4, 0, 0));
    SampleBlock all = splits.train(1).first();
    assertThat(splits.trainSize()).isEqualTo(3);
    for (int size : new int[] {0, 1, 2, 3, 9}) {
      SampleBlock first = splits.first(size);
      assertThat(first).isEqualTo(all.select(IntStream.range(0, Math.min(3, size)).toArray()));
      if (size > 0) {
        assertThat(splits.firstLabels(size).collect()).containsExactly(first.labels());
      }
    }
    for (Split split : Split.values()) {
      List<SampleBlock> blocks = splits.samples(split, partitions).collect();
      long[] ids = blocks.stream().flatMapToLong(b -> Arrays.stream(b.ids())).toArray();
      assertThat(splits.spread(split, partitions, 5).ids()).isEqualTo(ids);
      assertThat(splits.spread(split, partitions, 2).ids())
          .containsExactly(ids[0], ids[ids.length / 2]);
    }
  }

  /** A worker has the samples that it has in one block, dealt to its blocks in turn. */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 2", "3, 1", "6, 1"})
  void trainingSamplesAreCutIntoBlocks(int workers, int blocks) {
    TargetSplits whole =
        new ConvertedSet(SPARK, directory)
            .convert(NumpySet.small(false), false)
            .open()
            .split(new SplitOptions(3, 0, 0, 0));
    assertThat(whole.trainSize()).isEqualTo(6);
    assertThat(whole.trainBlocks(workers)).isEqualTo(1);
    List<SampleBlock> expected = whole.train(workers).collect();
    int values = expected.get(0).featureLength() + expected.get(0).labelLength();
    TargetSplits cut = whole.with(new BlockLimits(2L * values, 2L * values));
    assertThat(cut.trainBlocks(workers)).isEqualTo(blocks);
    List<SampleBlock> found = cut.train(workers).collect();
    assertThat(found).hasSize(workers * blocks);
    for (int i = 0; i < found.size(); i++) {
      int block = i % blocks;
      SampleBlock all = expected.get(i / blocks);
      int[] positions = IntStream.range(0, all.size()).filter(at -> at % blocks == block).toArray();
      assertThat(found.get(i)).isEqualTo(all.select(positions));
    }
  }

  @Test
  void labelsOfSeveralValuesStayTogether() {
    TargetSplits splits =
        new ConvertedSet(SPARK, directory)
            .convert(ConverterTest.multiLabel(0), false)
            .open()
            .split(new SplitOptions(1, 0, 0, 0));
    float[] labels = splits.train(1).first().labels();
    assertThat(splits.firstLabels(4).collect()).containsExactly(Arrays.copyOf(labels, 8));
  }
}
