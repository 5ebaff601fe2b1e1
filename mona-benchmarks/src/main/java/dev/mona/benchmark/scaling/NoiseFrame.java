package dev.mona.benchmark.scaling;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.randn;

import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * Writes a DataFrame of noise in Parquet, as many rows as wanted: {@code features}, each value
 * standard normal around a wave whose frequency is that of the class, and {@code label}. The same
 * rows each time.
 *
 * <p>Arguments: the folder to write, the number of rows, the number of values of each.
 */
public final class NoiseFrame {
  private static final int CLASSES = 4;
  private static final int FILES = 16;
  private static final long SEED = 20;

  private NoiseFrame() {}

  public static void main(String[] arguments) {
    long rows = Long.parseLong(arguments[1]);
    int values = Integer.parseInt(arguments[2]);
    try (SparkSession spark = SparkSession.builder().appName("noise").getOrCreate()) {
      spark
          .range(0, rows, 1, FILES)
          .withColumn("label", pmod(hash(col("id")), lit(CLASSES)))
          .select(features(values).as("features"), col("label"))
          .write()
          .parquet(arguments[0]);
    }
  }

  private static Column features(int values) {
    return array(
        IntStream.range(0, values)
            .mapToObj(
                k ->
                    randn(SEED + k)
                        .plus(cos(col("label").plus(1).multiply(2 * Math.PI * k / values)))
                        .cast("float"))
            .toArray(Column[]::new));
  }
}
