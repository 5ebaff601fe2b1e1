package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DealingTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 1", "7, 2", "7, 3", "7, 7", "33, 4", "100, 17"})
  void everySampleIsWhereDealingOneByOnePutsIt(int samples, int partitions) {
    long[] ranks = LongStream.range(0, samples).toArray();
    Dealing dealing = Dealing.oneByOne(samples, partitions, 1);
    List<List<Long>> dealt = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      int[] sizes = dealing.blocks(p);
      assertThat(sizes).hasSize(1);
      assertThat(sizes[0]).isBetween(samples / partitions, (samples - 1) / partitions + 1);
      dealt.add(new ArrayList<>(java.util.Collections.nCopies(sizes[0], -1L)));
    }
    for (int rank = 0; rank < samples; rank++) {
      assertThat(dealing.block(rank)).isZero();
      dealt.get(dealing.partition(rank)).set(dealing.position(rank), (long) rank);
    }
    SampleKey key = SampleKey.shuffled(3, 3);
    long[] byHash =
        Arrays.stream(ranks)
            .boxed()
            .sorted((a, b) -> Long.compare(key.of(a), key.of(b)))
            .mapToLong(Long::longValue)
            .toArray();
    List<List<Long>> ids =
        dealt.stream().map(part -> part.stream().map(r -> byHash[r.intValue()]).toList()).toList();
    assertThat(ids).isEqualTo(RankedDealing.oneByOne(3, ranks, partitions));
    assertPlaces(dealing, dealt.stream().flatMap(List::stream).toList());
  }

  /** A worker has the samples that it would have in one block, dealt to its blocks in turn. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 1, 3", "7, 2, 3", "8, 3, 2", "33, 4, 5", "100, 7, 14"})
  void blocksOfAWorkerFollowEachOther(int samples, int workers, int blocks) {
    List<List<Long>> ofWorkers =
        blocks(Dealing.oneByOne(samples, workers, 1), samples).stream()
            .map(one -> one.get(0))
            .toList();
    List<List<Long>> expected = new ArrayList<>();
    for (List<Long> all : ofWorkers) {
      for (int b = 0; b < blocks; b++) {
        int first = b;
        expected.add(
            IntStream.range(0, all.size())
                .filter(i -> i % blocks == first)
                .mapToObj(all::get)
                .toList());
      }
    }
    Dealing dealing = Dealing.oneByOne(samples, workers, blocks);
    List<List<List<Long>>> found = blocks(dealing, samples);
    assertThat(found).isEqualTo(expected.stream().map(List::of).toList());
    assertPlaces(dealing, expected.stream().flatMap(List::stream).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, 1",
    "7, 8, 1",
    "7, 8, 2",
    "7, 8, 3",
    "8, 8, 9",
    "33, 8, 2",
    "33, 8, 4",
    "33, 8, 5",
    "100, 7, 3",
    "100, 7, 17",
    "100, 1, 3",
    "1025, 1024, 2",
    "3000, 1024, 7"
  })
  void orderedSamplesAreCutAndSharedOut(int samples, int most, int partitions) {
    List<List<List<Long>>> expected =
        RankedDealing.inOrder(LongStream.range(0, samples).toArray(), most, partitions);
    Dealing dealing = Dealing.inOrder(samples, most, partitions, samples);
    assertThat(blocks(dealing, samples)).isEqualTo(expected);
    assertPlaces(dealing, LongStream.range(0, samples).boxed().toList());
  }

  @Test
  void aPartitionHoldsNoMoreThanItHasRoomForButOneBlock() {
    List<List<List<Long>>> blocks = blocks(Dealing.inOrder(100, 8, 2, 20), 100);
    assertThat(blocks).hasSize(5);
    for (List<List<Long>> partition : blocks) {
      assertThat(partition.stream().mapToInt(List::size).sum()).isLessThanOrEqualTo(24);
    }
    assertThat(blocks.stream().flatMap(List::stream).flatMap(List::stream))
        .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    assertThat(blocks(Dealing.inOrder(100, 8, 2, 1), 100)).hasSize(13);
  }

  @Test
  void refusesMorePartitionsThanSamples() {
    assertThatThrownBy(() -> Dealing.oneByOne(2, 3, 1))
        .isInstanceOf(MonaException.class)
        .hasMessage("3 partitions cannot share 2 training samples: use at most 2 partitions");
    assertThatThrownBy(() -> Dealing.oneByOne(2, 0, 1))
        .isInstanceOf(MonaException.class)
        .hasMessage("training needs at least 1 partition, not 0");
  }

  private static List<List<List<Long>>> blocks(Dealing dealing, int samples) {
    List<List<List<Long>>> blocks = new ArrayList<>();
    for (int p = 0; p < dealing.partitions(); p++) {
      blocks.add(
          Arrays.stream(dealing.blocks(p))
              .mapToObj(
                  size -> (List<Long>) new ArrayList<>(java.util.Collections.nCopies(size, -1L)))
              .toList());
    }
    for (int rank = 0; rank < samples; rank++) {
      blocks
          .get(dealing.partition(rank))
          .get(dealing.block(rank))
          .set(dealing.position(rank), (long) rank);
    }
    return blocks;
  }

  private static void assertPlaces(Dealing dealing, List<Long> ranks) {
    assertThat(IntStream.range(0, ranks.size()).mapToLong(dealing::rank).boxed())
        .containsExactlyElementsOf(ranks);
  }
}
