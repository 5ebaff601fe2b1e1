package dev.mona.data;

import dev.mona.random.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The order and the blocks of {@link Dealing} in plain lists: all ids are ranked in one place. */
final class RankedDealing {
  private static final long PURPOSE = 3;

  private RankedDealing() {}

  /** Ids by {@code hash(seed, purpose, id)}, dealt one by one: those of each partition in order. */
  static List<List<Long>> oneByOne(long seed, long[] ids, int partitions) {
    long prefix = SplitMix64.hash(seed, PURPOSE);
    List<Long> order =
        Arrays.stream(ids)
            .boxed()
            .sorted(Comparator.comparingLong(id -> SplitMix64.then(prefix, id)))
            .toList();
    List<List<Long>> dealt = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      dealt.add(new ArrayList<>());
    }
    for (int rank = 0; rank < order.size(); rank++) {
      dealt.get(rank % partitions).add(order.get(rank));
    }
    return dealt;
  }

  /**
   * Ascending ids in blocks of a size, cut into pieces of near equal size, in partitions of pieces
   * as Spark slices a list.
   */
  static List<List<List<Long>>> inOrder(long[] ids, int most, int partitions) {
    List<Long> order = Arrays.stream(ids).sorted().boxed().toList();
    int size = Math.max(1, (ids.length + partitions - 1) / partitions);
    List<List<Long>> pieces = new ArrayList<>();
    for (int block = 0; block < ids.length; block += most) {
      int end = Math.min(ids.length, block + most);
      for (int at = block; at < end; at += size) {
        pieces.add(order.subList(at, Math.min(end, at + size)));
      }
    }
    int slices = Math.min(partitions, pieces.size());
    List<List<List<Long>>> dealt = new ArrayList<>();
    for (long i = 0; i < slices; i++) {
      int from = (int) (i * pieces.size() / slices);
      int to = (int) ((i + 1) * pieces.size() / slices);
      dealt.add(pieces.subList(from, to));
    }
    return dealt;
  }
}
