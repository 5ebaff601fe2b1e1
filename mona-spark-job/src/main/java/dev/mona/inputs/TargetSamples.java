package dev.mona.inputs;

import dev.mona.config.MonaConfig;
import dev.mona.data.TargetDataSet;
import org.apache.spark.sql.SparkSession;

/** Where the samples of the target come from. */
@FunctionalInterface
public interface TargetSamples {
  /** The files that {@code task.data} names. */
  TargetSamples FILES = (spark, config) -> TargetDataSet.open(spark, config.task().data().path());

  /**
   * Opens and checks them.
   *
   * @throws dev.mona.MonaException if anything about them is wrong
   */
  TargetDataSet open(SparkSession spark, MonaConfig config);
}
