package dev.mona.spark;

import java.util.List;
import org.apache.spark.SparkConf;

/**
 * Spark's settings for data that is mostly floats of a model. They do not compress, and trying to
 * takes a part of every round; Spark compresses what it shuffles and broadcasts all the same, in
 * the whole application or not at all.
 */
public final class PlainBytes {
  private static final List<String> COMPRESSION =
      List.of("spark.shuffle.compress", "spark.shuffle.spill.compress", "spark.broadcast.compress");

  private PlainBytes() {}

  /** Settings without compression, where the user has not decided otherwise. */
  public static SparkConf in(SparkConf conf) {
    COMPRESSION.forEach(key -> conf.setIfMissing(key, "false"));
    return conf;
  }
}
