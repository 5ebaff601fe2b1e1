package dev.mona.torch;

import dev.mona.compute.RowIndex;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RowIndex} as tensors of a device. Backwards it is a series of rounds: round k adds the
 * k-th gradient of each row that has so many, so that no two of a round meet and every row gets its
 * own in order, without atomic additions.
 */
final class RowTable {
  private final Place place;
  private final Rows forward;
  private final Map<Long, Back> backward = new ConcurrentHashMap<>();

  /**
   * Rows to take, those that are zeros being some row.
   *
   * @param rows of the source
   * @param zeros places to be filled with zeros afterwards; null for none
   */
  record Rows(Tensor rows, @Nullable Tensor zeros) {}

  /**
   * Sums for a matrix of some height.
   *
   * @param rounds places of the gradients of each round, of the rows with most of them first; each
   *     round is no longer than the one before it
   * @param sums which sum each row gets
   */
  record Back(List<Tensor> rounds, Rows sums) {}

  RowTable(Place place, RowIndex index) {
    this.place = place;
    forward = rows(IntStream.range(0, index.size()).map(index::row).toArray());
  }

  Rows forward() {
    return forward;
  }

  /**
   * The rounds for a sum of so many rows.
   *
   * @param index that of this table, which does not hold it
   */
  Back backward(RowIndex index, long height) {
    return backward.computeIfAbsent(height, key -> back(index, key));
  }

  private Back back(RowIndex index, long height) {
    int[] counts =
        IntStream.range(0, Math.toIntExact(height))
            .map(row -> index.first(row + 1) - index.first(row))
            .toArray();
    int most = Arrays.stream(counts).max().orElse(0);
    if (most == 1) {
      // one gradient at most: each row takes it where it is
      int[] places = new int[counts.length];
      Arrays.setAll(
          places, row -> counts[row] == 0 ? RowIndex.ZERO : index.place(index.first(row)));
      return new Back(List.of(), rows(places));
    }
    int[] order =
        IntStream.range(0, counts.length)
            .filter(row -> counts[row] > 0)
            .boxed()
            .sorted(Comparator.comparing(row -> -counts[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Tensor> rounds =
        IntStream.range(0, most)
            .mapToObj(
                k ->
                    Indices.of(
                        place,
                        Arrays.stream(order)
                            .filter(row -> counts[row] > k)
                            .map(row -> index.place(index.first(row) + k))
                            .toArray()))
            .toList();
    int[] sums = new int[counts.length];
    Arrays.fill(sums, RowIndex.ZERO);
    for (int i = 0; i < order.length; i++) {
      sums[order[i]] = i;
    }
    return new Back(rounds, rows(sums));
  }

  private Rows rows(int[] rows) {
    int[] zeros = IntStream.range(0, rows.length).filter(i -> rows[i] == RowIndex.ZERO).toArray();
    int[] taken = Arrays.stream(rows).map(row -> Math.max(row, 0)).toArray();
    return new Rows(Indices.of(place, taken), zeros.length == 0 ? null : Indices.of(place, zeros));
  }
}
