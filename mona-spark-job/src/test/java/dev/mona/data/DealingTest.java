package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DealingTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 1", "7, 2", "7, 3", "7, 7", "33, 4", "100, 17"})
  void everySampleHasAPlaceOfItsOwnAndSizesDifferByAtMostOne(int samples, int partitions) {
    long[] ids = LongStream.range(0, samples).map(i -> 1000 - 7 * i).toArray();
    Dealing dealing = Dealing.shuffled(3, ids, partitions);
    assertThat(dealing.partitions()).isEqualTo(partitions);
    Set<Long> places = new HashSet<>();
    for (long id : ids) {
      assertThat(dealing.contains(id)).isTrue();
      assertThat(dealing.position(id)).isBetween(0, dealing.size(dealing.partition(id)) - 1);
      places.add(dealing.partition(id) * 1_000_000L + dealing.position(id));
    }
    assertThat(places).hasSize(samples);
    for (int p = 0; p < partitions; p++) {
      assertThat(dealing.size(p)).isBetween(samples / partitions, (samples - 1) / partitions + 1);
    }
    assertThat(dealing.contains(999)).isFalse();
  }

  @Test
  void theOrderOfIdsDoesNotMatterAndTheSeedDoes() {
    long[] ids = LongStream.range(0, 50).toArray();
    long[] reversed = LongStream.range(0, 50).map(i -> 49 - i).toArray();
    Dealing dealing = Dealing.shuffled(3, ids, 4);
    Dealing same = Dealing.shuffled(3, reversed, 4);
    Dealing other = Dealing.shuffled(4, ids, 4);
    int moved = 0;
    for (long id : ids) {
      assertThat(same.partition(id)).isEqualTo(dealing.partition(id));
      assertThat(same.position(id)).isEqualTo(dealing.position(id));
      moved += other.partition(id) != dealing.partition(id) ? 1 : 0;
    }
    assertThat(moved).isGreaterThan(20);
  }

  @Test
  void ascendingCutsInOrder() {
    Dealing dealing = Dealing.ascending(new long[] {9, 1, 5, 3, 7}, 2);
    assertThat(dealing.partitions()).isEqualTo(3);
    assertThat(new int[] {dealing.size(0), dealing.size(1), dealing.size(2)})
        .containsExactly(2, 2, 1);
    assertThat(dealing.partition(5)).isEqualTo(1);
    assertThat(dealing.position(5)).isZero();
    assertThat(dealing.position(7)).isEqualTo(1);
  }

  @Test
  void refusesMorePartitionsThanSamples() {
    assertThatThrownBy(() -> Dealing.shuffled(1, new long[] {1, 2}, 3))
        .isInstanceOf(MonaException.class)
        .hasMessage("3 partitions cannot share 2 training samples: use at most 2 partitions");
    assertThatThrownBy(() -> Dealing.shuffled(1, new long[] {1, 2}, 0))
        .isInstanceOf(MonaException.class)
        .hasMessage("training needs at least 1 partition, not 0");
  }
}
