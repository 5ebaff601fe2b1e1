package dev.mona.spark;

import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Spark's settings for data that is mostly floats of a model, where the user has not decided
 * otherwise.
 *
 * <p>Such floats do not compress, and trying to takes a part of every round; Spark compresses all
 * that it shuffles and broadcasts, or nothing. What a task shuffles is written to one file at once
 * instead of to one for each reducer, which are copied together. A round's records have checksums
 * of their own.
 */
public final class PlainBytes {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.broadcast.compress", "false",
          "spark.shuffle.compress", "false",
          "spark.shuffle.spill.compress", "false",
          "spark.shuffle.checksum.enabled", "false",
          "spark.shuffle.sort.bypassMergeThreshold", "1");

  private PlainBytes() {}

  /** Adds the settings that are missing. */
  public static SparkConf in(SparkConf conf) {
    SETTINGS.forEach(conf::setIfMissing);
    return conf;
  }
}
