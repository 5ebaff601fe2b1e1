package dev.mona.inputs;

import dev.mona.MonaException;
import dev.mona.config.MonaConfig;
import org.apache.spark.SparkConf;

/**
 * What a run asks of Spark's settings. Everything else is allowed: a round is a function of its
 * arguments, so executors may come and go, and tasks may be repeated or run twice.
 *
 * @param dynamicAllocation whether the number of executors follows the load
 */
public record ClusterSettings(boolean dynamicAllocation) {

  /** As Spark sees them: it ignores dynamic allocation where everything runs in one JVM. */
  public static ClusterSettings of(SparkConf conf) {
    String master = conf.get("spark.master", "");
    boolean oneJvm = master.equals("local") || master.startsWith("local[");
    return new ClusterSettings(
        !oneJvm && conf.getBoolean("spark.dynamicAllocation.enabled", false));
  }

  /**
   * Refuses what would leave the result to chance.
   *
   * @throws MonaException naming the setting
   */
  public void require(MonaConfig config) {
    if (dynamicAllocation && config.run().partitions() == 0) {
      throw MonaException.configuration(
          "spark.dynamicAllocation.enabled is true and run.partitions is 0, so that the result would"
              + " depend on how many executors happen to be there: set run.partitions");
    }
  }
}
