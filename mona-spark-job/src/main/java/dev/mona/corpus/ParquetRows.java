package dev.mona.corpus;

import dev.mona.MonaException;
import dev.mona.storage.Location;
import java.util.Iterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reading a Parquet set of source samples on the driver. */
final class ParquetRows {
  /** The most rows; the samples are gathered on the driver. */
  private static final int MAX_ROWS = 2_000_000;

  private ParquetRows() {}

  /** What is made of a set. */
  interface Reading<T> {
    T of(Dataset<Row> rows) throws Exception;
  }

  /**
   * Reads a file or the files of a folder, from any file system that Spark knows; their names end
   * in {@code .parquet}.
   *
   * @param description of the job, for Spark's pages
   */
  static <T> T read(SparkSession spark, String path, String description, Reading<T> reading) {
    spark.sparkContext().setJobDescription(description + " from " + path);
    try {
      return reading.of(
          spark
              .read()
              .option(Location.NO_PATTERNS, false)
              .option("pathGlobFilter", "*.parquet")
              .parquet(Location.of(path).toString()));
    } catch (MonaException e) {
      throw e;
    } catch (Exception e) {
      // Spark throws checked exceptions that its signatures do not declare.
      throw new MonaException(
          MonaException.Category.DATA,
          path + " cannot be read as Parquet: " + reason(e) + "; check the path and the files",
          e);
    } finally {
      spark.sparkContext().setJobDescription(null);
    }
  }

  /** The rows one by one, when there are not too many. */
  static Iterator<Row> iterate(Dataset<Row> rows, String path) {
    long count = rows.count();
    if (count > MAX_ROWS) {
      throw MonaException.data(
          "%s has %d rows; a source proxy has at most %d, take a part of them"
              .formatted(path, count, MAX_ROWS));
    }
    return rows.toLocalIterator();
  }

  /** What went wrong at the bottom; Spark wraps it several times. */
  private static String reason(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
  }
}
