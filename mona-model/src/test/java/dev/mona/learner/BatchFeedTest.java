package dev.mona.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.BatchFeed.Batches;
import dev.mona.random.SplitMix64;
import dev.mona.task.BlockIndex;
import dev.mona.task.PartitionSamples;
import dev.mona.task.SampleBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFeedTest {
  private static final Stage STAGE = Stage.WARMUP;

  private static BatchFeed feed(int batch, int accumulation) {
    return new BatchFeed(new SmallLearner().batch(batch, accumulation).frozen().options());
  }

  private static RoundWork work(int epoch, int first, int count) {
    return new RoundWork(STAGE, epoch, 0, new StepRange(first, count, 1000));
  }

  /** Ids of the batches of a round; each sample is checked. */
  private static List<List<Long>> round(BatchFeed feed, RoundWork work, PartitionSamples samples) {
    List<List<Long>> batches = new ArrayList<>();
    try (Batches round = feed.of(work, samples)) {
      for (int k = 0; k < work.steps().count(); k++) {
        for (int due = round.ofStep(); due > 0; ) {
          SampleBlock batch = round.next();
          int f = batch.featureLength();
          for (int s = 0; s < batch.size(); s++) {
            long id = batch.ids()[s];
            assertThat(batch.labels()[s]).isEqualTo((float) -id);
            assertThat(batch.features()[s * f]).isEqualTo((float) id);
            assertThat(batch.features()[s * f + f - 1]).isEqualTo((float) (id + f - 1));
          }
          batches.add(Arrays.stream(batch.ids()).boxed().toList());
          due -= batch.size();
        }
      }
    }
    return batches;
  }

  /** The order in words: windows of blocks by hash, and in each its samples by hash. */
  private static List<Long> expected(ManySamples samples, int epoch) {
    BlockIndex index = samples.index();
    long blockPrefix = SplitMix64.hash(SmallLearner.SEED, 7, 0, epoch);
    long prefix = SplitMix64.hash(SmallLearner.SEED, 0, epoch);
    List<Integer> blocks =
        IntStream.range(0, index.blocks())
            .boxed()
            .sorted(Comparator.comparingLong(b -> SplitMix64.then(blockPrefix, samples.firstId(b))))
            .toList();
    int windows = (blocks.size() + index.atOnce() - 1) / index.atOnce();
    List<Long> ids = new ArrayList<>();
    for (int w = 0; w < windows; w++) {
      blocks.subList(w * blocks.size() / windows, (w + 1) * blocks.size() / windows).stream()
          .flatMapToLong(
              b -> LongStream.range(samples.firstId(b), samples.firstId(b) + index.sizes()[b]))
          .boxed()
          .sorted(Comparator.comparingLong(id -> SplitMix64.then(prefix, id)))
          .forEach(ids::add);
    }
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 11})
  void visitsWindowAfterWindow(int atOnce) {
    int[] sizes = {7, 7, 7, 7, 7, 6, 6, 6, 6, 6};
    for (int epoch = 0; epoch < 3; epoch++) {
      ManySamples samples = new ManySamples(sizes, 3, atOnce);
      try (BatchFeed feed = feed(4, 2)) {
        List<List<Long>> batches = round(feed, work(epoch, 0, 1000), samples);
        assertThat(batches.stream().flatMap(List::stream))
            .containsExactlyElementsOf(expected(samples, epoch));
        // 65 samples: 8 steps of two batches, and one sample
        assertThat(batches).hasSize(17);
        assertThat(batches.subList(0, 16)).allSatisfy(batch -> assertThat(batch).hasSize(4));
        assertThat(samples.reads).hasSize(10).doesNotHaveDuplicates();
        assertThat(samples.readers).containsOnly(Thread.currentThread());
      }
    }
  }

  /** However its samples are cut into blocks. */
  @Test
  void aPartitionOfOneWindowIsVisitedAsOneBlock() {
    ManySamples cut = new ManySamples(new int[] {9, 1, 30, 17}, 2, 4);
    SampleBlock whole = cut.together();
    int[] order = SampleOrder.order(SmallLearner.SEED, STAGE, 3, whole.ids());
    try (BatchFeed feed = feed(5, 1)) {
      List<List<Long>> batches = round(feed, work(3, 0, 1000), cut);
      assertThat(batches.stream().flatMap(List::stream))
          .containsExactlyElementsOf(
              Arrays.stream(order).mapToObj(position -> whole.ids()[position]).toList());
      assertThat(round(feed, work(3, 0, 1000), whole)).isEqualTo(batches);
    }
  }

  @Test
  void aRoundJumpsToItsWindow() {
    int[] sizes = IntStream.generate(() -> 5).limit(40).toArray();
    ManySamples samples = new ManySamples(sizes, 2, 4);
    List<Long> order = expected(samples, 1);
    try (BatchFeed feed = feed(4, 1)) {
      // places 80 to 87 lie in the fifth window of 20 samples
      assertThat(round(feed, work(1, 20, 2), samples))
          .containsExactly(order.subList(80, 84), order.subList(84, 88));
      assertThat(samples.reads).hasSize(4);
      // which the next round of the same samples finds read, whoever reads the next one
      ManySamples again = new ManySamples(sizes, 2, 4);
      assertThat(round(feed, work(1, 22, 4), again))
          .containsExactly(
              order.subList(88, 92),
              order.subList(92, 96),
              order.subList(96, 100),
              order.subList(100, 104));
      assertThat(samples.reads).hasSize(4);
      assertThat(again.reads).hasSize(4);
      assertThat(round(feed, work(2, 0, 1), samples)).hasSize(1);
      assertThat(samples.reads).hasSize(8);
      assertThat(round(feed, work(1, 50, 1), samples)).isEmpty();
      assertThat(round(feed, work(1, 600_000_000, 1), samples)).isEmpty();
    }
  }

  /** 2^32 values, of which some blocks are made. */
  @Test
  void aPartitionHasMoreValuesThanAnArrayTakes() {
    int features = (1 << 20) - 1;
    ManySamples samples =
        new ManySamples(IntStream.generate(() -> 1).limit(4096).toArray(), features, 2);
    List<Long> order = expected(samples, 0);
    try (BatchFeed feed = feed(1, 1)) {
      assertThat(round(feed, work(0, 4092, 1000), samples).stream().flatMap(List::stream))
          .containsExactlyElementsOf(order.subList(4092, 4096));
      assertThat(samples.reads).hasSize(4);
    }
  }

  @Test
  void twoBatchesAreWrittenByTurns() {
    SampleBlock block = new ManySamples(new int[] {18}, 2, 1).together();
    try (BatchFeed feed = feed(4, 1)) {
      List<SampleBlock> first = batches(feed, block, 0);
      assertThat(first.get(0)).isNotSameAs(first.get(1)).isSameAs(first.get(2));
      assertThat(first.get(1)).isSameAs(first.get(3));
      assertThat(batches(feed, block, 1).get(0)).isSameAs(first.get(0));
      assertThat(first.get(4).size()).isEqualTo(2);
    }
  }

  private static List<SampleBlock> batches(BatchFeed feed, PartitionSamples samples, int epoch) {
    List<SampleBlock> batches = new ArrayList<>();
    try (Batches round = feed.of(work(epoch, 0, 1000), samples)) {
      while (round.ofStep() > 0) {
        batches.add(round.next());
      }
    }
    return batches;
  }

  /** What is not like the rest comes last in the order, so another thread meets it. */
  @Test
  void whatFailsAheadIsThrownWhereItsBatchIsAskedFor() {
    long[] ids = {0, 1, 2, 3, 4, 5, 6, 7};
    int last = SampleOrder.order(SmallLearner.SEED, STAGE, 0, ids)[7];
    PartitionSamples uneven =
        new PartitionSamples() {
          @Override
          public BlockIndex index() {
            return new BlockIndex(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, ids, 8);
          }

          @Override
          public SampleBlock read(int block) {
            int features = block == last ? 1000 : 2;
            return new SampleBlock(new long[] {block}, new float[features], new float[1]);
          }
        };
    try (BatchFeed feed = feed(4, 1)) {
      try (Batches round = feed.of(work(0, 0, 2), uneven)) {
        assertThat(round.next().size()).isEqualTo(4);
        assertThatThrownBy(round::next).isInstanceOf(IndexOutOfBoundsException.class);
      }
      try (Batches left = feed.of(work(0, 0, 2), uneven)) {
        assertThat(left.next().size()).isEqualTo(4); // and the second is never asked for
      }
    }
  }

  @Test
  void aBlockThatCannotBeReadEndsTheRound() {
    PartitionSamples lost =
        new PartitionSamples() {
          @Override
          public BlockIndex index() {
            return new BlockIndex(new int[] {3}, new long[] {4}, 1);
          }

          @Override
          public SampleBlock read(int block) {
            throw new IllegalStateException("lost");
          }
        };
    try (BatchFeed feed = feed(4, 1);
        Batches round = feed.of(work(0, 0, 1), lost)) {
      assertThatThrownBy(round::next).hasMessage("lost");
    }
  }
}
