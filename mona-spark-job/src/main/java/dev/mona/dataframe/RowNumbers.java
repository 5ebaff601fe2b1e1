package dev.mona.dataframe;

import static org.apache.spark.sql.functions.col;

import dev.mona.spark.SparkJob;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/** How rows are numbered from 0. */
sealed interface RowNumbers extends Serializable {
  /** Column with the file of a row of a Parquet file. */
  String FILE = "_metadata.file_path";

  /** Column with its number there. */
  String INDEX = "_metadata.row_index";

  /** Columns that come before those of the samples. */
  int columns();

  /**
   * The number of a row.
   *
   * @param partition of the row
   * @param at its place there
   */
  long of(InternalRow row, int partition, long at);

  /** By the names of the files, whatever the order in which they are read. */
  static RowNumbers ofFiles(SparkSession spark, Dataset<Row> rows) {
    Map<String, Long> counts = new TreeMap<>();
    SparkJob.described(
            spark.sparkContext(),
            "count rows",
            () -> rows.groupBy(col(FILE)).count().collectAsList())
        .forEach(file -> counts.put(file.getString(0), file.getLong(1)));
    long start = 0;
    for (Map.Entry<String, Long> file : counts.entrySet()) {
      long size = file.getValue();
      file.setValue(start);
      start += size;
    }
    return new OfFiles(counts);
  }

  /** In the order of the partitions, and within each in its order. */
  static RowNumbers asTheyCome(Dataset<Row> rows) {
    List<Long> sizes =
        rows.queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(
                part -> {
                  long size = 0;
                  for (; part.hasNext(); size++) {
                    InternalRow unused = part.next();
                  }
                  return List.of(size).iterator();
                })
            .collect();
    long[] starts = new long[sizes.size()];
    for (int p = 1; p < starts.length; p++) {
      starts[p] = starts[p - 1] + sizes.get(p - 1);
    }
    return new AsTheyCome(starts);
  }

  /** See {@link #ofFiles}. */
  record OfFiles(Map<String, Long> starts) implements RowNumbers {
    @Override
    public int columns() {
      return 2;
    }

    @Override
    public long of(InternalRow row, int partition, long at) {
      return Objects.requireNonNull(starts.get(row.getUTF8String(0).toString())) + row.getLong(1);
    }
  }

  /** See {@link #asTheyCome}. */
  record AsTheyCome(long[] starts) implements RowNumbers {
    @Override
    public int columns() {
      return 0;
    }

    @Override
    public long of(InternalRow row, int partition, long at) {
      return starts[partition] + at;
    }
  }
}
