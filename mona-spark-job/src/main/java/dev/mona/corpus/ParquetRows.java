package dev.mona.corpus;

import dev.mona.ByteBudget;
import dev.mona.Causes;
import dev.mona.MonaException;
import dev.mona.Reason;
import dev.mona.spark.SparkJob;
import dev.mona.storage.Location;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Reading a Parquet set of source samples on the driver.
 *
 * @param rows the set, without the columns that Spark does not know
 * @param path of the set, for messages
 * @param budget what its samples may take on the driver
 */
record ParquetRows(Dataset<Row> rows, String path, ByteBudget budget) {
  /** The most rows; the samples are gathered on the driver. */
  private static final int MAX_ROWS = 2_000_000;

  /** Of the driver's heap, for the samples as they are stored. */
  private static final double SHARE_OF_HEAP = 0.5;

  /** What is made of a set. */
  interface Reading<T> {
    T of(ParquetRows set) throws Exception;
  }

  /**
   * Reads a file or the files of a folder, from any file system that Spark knows; their names end
   * in {@code .parquet}.
   *
   * @param description of the job, for Spark's pages
   * @param budget what the samples may take
   */
  static <T> T read(
      SparkSession spark, String path, String description, ByteBudget budget, Reading<T> reading) {
    try {
      return SparkJob.described(
          spark.sparkContext(),
          description + " from " + path,
          () -> {
            StructType schema = ParquetColumns.of(spark, path);
            Dataset<Row> rows =
                spark
                    .read()
                    .schema(schema)
                    .option(Location.NO_PATTERNS, false)
                    .option("pathGlobFilter", "*.parquet")
                    .parquet(Location.of(path).toString());
            return reading.of(new ParquetRows(rows, path, budget));
          });
    } catch (MonaException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          path
              + " cannot be read as Parquet: "
              + Reason.of(Causes.innermost(e))
              + "; check the path and the files",
          e);
    }
  }

  /** Half of the heap. */
  static ByteBudget budget(String path) {
    return ByteBudget.ofHeap(MonaException.Category.DATA, path, SHARE_OF_HEAP);
  }

  StructType schema() {
    return rows.schema();
  }

  /**
   * Some columns of the rows, one by one, when they are not too many and fit into the budget. A few
   * bytes of a file can stand for gigabytes, by runs and dictionaries, so the executors add up how
   * many there are before the driver asks for any.
   *
   * @param bytes of a sample, a column of whole numbers
   */
  Iterator<Row> select(Column bytes, Column... columns) {
    Row size = rows.agg(functions.count(functions.lit(1)), functions.sum(bytes)).first();
    long count = size.getLong(0);
    if (count > MAX_ROWS) {
      throw MonaException.data(
          String.format(
              Locale.ROOT,
              "%s has %d rows; a source proxy has at most %d, take a part of them",
              path,
              count,
              MAX_ROWS));
    }
    if (!size.isNullAt(1)) {
      budget.take(size.getLong(1), count + " samples");
    }
    Column[] placed =
        Stream.concat(
                Arrays.stream(columns),
                Stream.of(
                    functions.col("_metadata.file_name"), functions.col("_metadata.row_index")))
            .toArray(Column[]::new);
    return rows.select(placed).toLocalIterator();
  }

  /** Where a row that {@link #select} gave is stored. */
  static RowOfFile place(Row row) {
    int columns = row.size();
    return new RowOfFile(row.getString(columns - 2), row.getLong(columns - 1));
  }
}
