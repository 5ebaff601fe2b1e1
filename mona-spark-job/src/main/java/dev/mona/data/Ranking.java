package dev.mona.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Ranks keys that lie in many partitions. They are cut into ranges of about the same size, each
 * range is ranked by a task, and the ranks go back to where the keys came from. Keys travel as
 * arrays, which are written in one piece; a record each would be taken apart one by one.
 */
final class Ranking {
  /** Keys of each partition by which ranges are cut. */
  private static final int SAMPLED = 256;

  /**
   * Some keys of a partition.
   *
   * @param keys evenly spaced among all of it, ascending
   * @param each how many each stands for
   */
  private record Sampled(long[] keys, double each) implements Serializable {}

  /** Keys of one range of one partition, ascending. */
  private record Piece(int source, long[] keys) implements Serializable {}

  /**
   * Keys of a range of one partition with their ranks.
   *
   * @param range its number
   * @param keys ascending
   * @param ranks of each
   */
  record Ranked(int range, long[] keys, int[] ranks) implements Serializable {}

  private Ranking() {}

  /**
   * Ranks among all keys, a partition of the result for each of the keys.
   *
   * @param keys one array in each partition, ascending; no key twice
   * @param ranges how many are wanted, at least 1
   */
  static JavaRDD<Ranks> of(JavaRDD<long[]> keys, int ranges) {
    int sources = keys.getNumPartitions();
    long[] starts =
        ranges == 1 ? new long[0] : starts(keys.map(Ranking::sampled).collect(), ranges);
    JavaPairRDD<Integer, Piece> pieces =
        keys.mapPartitionsWithIndex(
                (source, its) -> cut(source, its.next(), starts).iterator(), true)
            .mapToPair(piece -> piece)
            .partitionBy(new HashPartitioner(starts.length + 1));
    int[] first = firstRanks(pieces);
    return pieces
        .mapPartitionsWithIndex((range, its) -> rank(range, its, first[range]).iterator(), true)
        .mapToPair(ranked -> ranked)
        .partitionBy(new HashPartitioner(sources))
        .mapPartitions(ranked -> List.of(Ranks.of(ranked)).iterator(), true);
  }

  private static Sampled sampled(long[] keys) {
    int size = Math.min(SAMPLED, keys.length);
    long[] some = new long[size];
    for (int i = 0; i < size; i++) {
      some[i] = keys[(int) ((long) i * keys.length / size)];
    }
    return new Sampled(some, (double) keys.length / size);
  }

  /** The lowest key of each range but the first. */
  static long[] starts(List<Sampled> samples, int ranges) {
    record Weighted(long key, double weight) {}
    List<Weighted> all = new ArrayList<>();
    double total = 0;
    for (Sampled sample : samples) {
      for (long key : sample.keys()) {
        all.add(new Weighted(key, sample.each()));
        total += sample.each();
      }
    }
    all.sort(Comparator.comparingLong(Weighted::key));
    long[] starts = new long[ranges - 1];
    int found = 0;
    double below = 0;
    for (Weighted next : all) {
      // a key that stands for more than a range begins one range only
      if (found < starts.length && below >= total * (found + 1) / ranges) {
        starts[found++] = next.key();
      }
      below += next.weight();
    }
    return Arrays.copyOf(starts, found);
  }

  private static List<Tuple2<Integer, Piece>> cut(int source, long[] keys, long[] starts) {
    List<Tuple2<Integer, Piece>> pieces = new ArrayList<>();
    int from = 0;
    for (int range = 0; range <= starts.length; range++) {
      int to = keys.length;
      if (range < starts.length) {
        int at = Arrays.binarySearch(keys, starts[range]);
        to = at < 0 ? -at - 1 : at;
      }
      if (to > from) {
        pieces.add(new Tuple2<>(range, new Piece(source, Arrays.copyOfRange(keys, from, to))));
      }
      from = to;
    }
    return pieces;
  }

  /** Rank of the first key of each range. */
  private static int[] firstRanks(JavaPairRDD<Integer, Piece> pieces) {
    List<Long> sizes =
        pieces
            .mapPartitions(
                its -> {
                  long size = 0;
                  while (its.hasNext()) {
                    size += its.next()._2().keys().length;
                  }
                  return List.of(size).iterator();
                })
            .collect();
    int[] first = new int[sizes.size()];
    for (int range = 1; range < first.length; range++) {
      first[range] = Math.toIntExact(first[range - 1] + sizes.get(range - 1));
    }
    return first;
  }

  private static List<Tuple2<Integer, Ranked>> rank(
      int range, Iterator<Tuple2<Integer, Piece>> its, int first) {
    List<Piece> pieces = new ArrayList<>();
    int size = 0;
    while (its.hasNext()) {
      Piece piece = its.next()._2();
      pieces.add(piece);
      size += piece.keys().length;
    }
    long[] all = new long[size];
    int filled = 0;
    for (Piece piece : pieces) {
      System.arraycopy(piece.keys(), 0, all, filled, piece.keys().length);
      filled += piece.keys().length;
    }
    Arrays.sort(all);
    List<Tuple2<Integer, Ranked>> ranked = new ArrayList<>();
    for (Piece piece : pieces) {
      int[] ranks = new int[piece.keys().length];
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = first + Arrays.binarySearch(all, piece.keys()[i]);
      }
      ranked.add(new Tuple2<>(piece.source(), new Ranked(range, piece.keys(), ranks)));
    }
    return ranked;
  }
}
