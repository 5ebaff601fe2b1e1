package dev.mona.spark;

import org.apache.spark.sql.SparkSession;
import scala.collection.JavaConverters;

/**
 * How many rows Spark reads from a Parquet file at once: 4,096, which it holds as one array a
 * column. Of long samples that is more than memory or an array takes, so fewer are read.
 */
public final class RowsAtOnce {
  private static final String KEY = "spark.sql.parquet.columnarReaderBatchSize";

  /** 16 MiB of floats, of which Spark makes copies while its array grows. */
  private static final int VALUES = 1 << 22;

  private RowsAtOnce() {}

  /**
   * The session, or one beside it with the same settings that reads fewer rows at once.
   *
   * @param length values of the longest column of a row
   */
  public static SparkSession session(SparkSession spark, int length) {
    int most = Math.max(1, VALUES / Math.max(1, length));
    if (most >= Integer.parseInt(spark.conf().get(KEY))) {
      return spark;
    }
    SparkSession reading = spark.newSession();
    JavaConverters.mapAsJavaMap(spark.conf().getAll())
        .forEach(
            (key, value) -> {
              if (spark.conf().isModifiable(key)) {
                reading.conf().set(key, value);
              }
            });
    reading.conf().set(KEY, most);
    return reading;
  }
}
