package dev.mona.gauges;

import dev.mona.doctor.Startup;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Gauges of a run in Spark's metrics system, switched on with {@code
 * spark.plugins=dev.mona.gauges.MonaPlugin}. The driver shows where the run is and, below {@code
 * executor.<id>}, what every executor last reported: of all of Spark's sinks the Prometheus servlet
 * exists on the driver only. In every executor it also settles how numbers are written.
 */
public final class MonaPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    Startup.useRootFormats();
    return new DriverGauges();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    Startup.useRootFormats();
    return new ExecutorGauges();
  }
}
