package dev.mona.data;

import dev.mona.spark.SparkJob;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * The ids of one split, and its classes where they are strata. They stay where they are: what the
 * driver gets of them does not grow with their number.
 *
 * @param rows {@code id}, and {@code label} where there are classes
 * @param classes whether there are
 */
record SampleIds(JavaRDD<InternalRow> rows, boolean classes) implements StratifiedSplit.Population {
  private static final int ID = 0;
  private static final int LABEL = 1;

  /** Ids that are worth a range of their own when they are ranked. */
  private static final int RANGE = 1 << 16;

  static SampleIds of(Dataset<Row> rows, boolean classes) {
    return new SampleIds(rows.queryExecution().toRdd().toJavaRDD(), classes);
  }

  @Override
  public RankSearch.Keys keys(Choice among, SampleKey key) {
    return new Keys(rows, new Keyed(among, key, classes, classes));
  }

  /** The samples as one stratum, whatever their classes. */
  StratifiedSplit.Population together() {
    return (among, key) -> new Keys(rows, new Keyed(among, key, classes, false));
  }

  /** The key of the last of the first samples of a part, whatever their classes. */
  long last(StratifiedSplit.Part part, SampleKey key, int first) {
    return RankSearch.last(
        together().keys(part.choice(), key), new int[] {part.size()}, new int[] {first})[0];
  }

  /**
   * For each partition of the rows, the ranks of its samples among all of a part. Ids go through
   * two shuffles: to where they are ranked, and back.
   */
  JavaRDD<Ranks> ranks(StratifiedSplit.Part part, SampleKey key) {
    Keyed keyed = new Keyed(part.choice(), key, classes, false);
    JavaRDD<long[]> keys = rows.mapPartitions(its -> List.of(keyed.keys(its)).iterator());
    int ranges = Math.max(1, Math.min(rows.getNumPartitions(), part.size() / RANGE));
    return SparkJob.described(rows.context(), "rank samples", () -> Ranking.of(keys, ranges));
  }

  /** The lowest id that occurs more than once, over several splits. */
  static Optional<Long> lowestRepeated(List<SampleIds> splits) {
    return splits.stream()
        .map(split -> split.rows().map(row -> row.getLong(ID)))
        .reduce(JavaRDD::union)
        .flatMap(
            ids ->
                ids
                    .mapToPair(id -> new Tuple2<>(id, 0))
                    .repartitionAndSortWithinPartitions(new HashPartitioner(ids.getNumPartitions()))
                    .mapPartitions(SampleIds::firstRepeated)
                    .collect()
                    .stream()
                    .min(Long::compare));
  }

  private static Iterator<Long> firstRepeated(Iterator<Tuple2<Long, Integer>> sorted) {
    Long before = null;
    while (sorted.hasNext()) {
      Long id = sorted.next()._1();
      if (id.equals(before)) {
        return List.of(id).iterator();
      }
      before = id;
    }
    return List.<Long>of().iterator();
  }

  /**
   * How a task sees a row.
   *
   * @param among the samples that count
   * @param key what they are ordered by
   * @param classes whether rows have classes
   * @param strata whether these are strata of the order
   */
  private record Keyed(Choice among, SampleKey key, boolean classes, boolean strata)
      implements java.io.Serializable {
    boolean chosen(InternalRow row) {
      return among.takes(classes ? row.getInt(LABEL) : 0, row.getLong(ID));
    }

    long key(InternalRow row) {
      return key.of(row.getLong(ID));
    }

    /** Of those that count, ascending. */
    long[] keys(Iterator<InternalRow> its) {
      LongStream.Builder keys = LongStream.builder();
      its.forEachRemaining(
          row -> {
            if (chosen(row)) {
              keys.add(key(row));
            }
          });
      return keys.build().sorted().toArray();
    }

    int stratum(InternalRow row) {
      return strata ? row.getInt(LABEL) : 0;
    }
  }

  private record Keys(JavaRDD<InternalRow> ids, Keyed keyed) implements RankSearch.Keys {
    @Override
    public long[] count(RankSearch.Cells cells) {
      Keyed by = keyed;
      return SparkJob.described(
          ids.context(),
          "count samples",
          () ->
              ids.mapPartitions(
                      rows -> {
                        long[] counts = new long[cells.size()];
                        while (rows.hasNext()) {
                          InternalRow row = rows.next();
                          int stratum = by.stratum(row);
                          if (by.chosen(row) && cells.contain(stratum, by.key(row))) {
                            counts[cells.of(stratum, by.key(row))]++;
                          }
                        }
                        return List.of(counts).iterator();
                      })
                  .treeReduce(
                      (a, b) -> {
                        for (int cell = 0; cell < a.length; cell++) {
                          a[cell] += b[cell];
                        }
                        return a;
                      }));
    }

    @Override
    public List<RankSearch.Found> within(RankSearch.Cells cells) {
      Keyed by = keyed;
      return SparkJob.described(
          ids.context(),
          "choose samples",
          () ->
              ids.mapPartitions(
                      rows -> {
                        IntStream.Builder strata = IntStream.builder();
                        LongStream.Builder keys = LongStream.builder();
                        while (rows.hasNext()) {
                          InternalRow row = rows.next();
                          int stratum = by.stratum(row);
                          if (by.chosen(row) && cells.contain(stratum, by.key(row))) {
                            strata.add(stratum);
                            keys.add(by.key(row));
                          }
                        }
                        return List.of(
                                new RankSearch.Found(
                                    strata.build().toArray(), keys.build().toArray()))
                            .iterator();
                      })
                  .collect());
    }
  }
}
