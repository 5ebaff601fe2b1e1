package dev.mona.gauges;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.jspecify.annotations.Nullable;

/** The driver's side: where the run is, and the last report of every executor. */
final class DriverGauges implements DriverPlugin {
  private final Map<String, ExecutorReport> executors = new ConcurrentHashMap<>();
  private @Nullable MetricRegistry registry;
  private boolean local;

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    local = spark.isLocal();
    spark.addSparkListener(
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            forget(removed.executorId());
          }
        });
    return Map.of();
  }

  @Override
  public void registerMetrics(String application, PluginContext context) {
    MetricRegistry own = context.metricRegistry();
    for (DriverGauge gauge : DriverGauge.values()) {
      own.register(gauge.id(), (Gauge<Number>) () -> gauge.of(JvmMetrics.run().now()));
    }
    if (local) {
      for (ExecutorGauge gauge : ExecutorGauge.values()) {
        own.register(gauge.id(), (Gauge<Number>) () -> gauge.of(here()));
      }
    }
    registry = own;
  }

  /** The executor that is this JVM, which could not name its own gauges; sizes as it sent them. */
  private ExecutorReport here() {
    String executor = ExecutorReport.DRIVER;
    ExecutorReport last = executors.get(executor);
    return ExecutorReport.of(
        executor, JvmMetrics.work(), last == null ? ExecutorReport.Memory.UNKNOWN : last.memory());
  }

  /** A message from {@link ExecutorGauges}; an executor's first one opens its gauges. */
  @Override
  public @Nullable Object receive(Object message) {
    if (message instanceof DriverLine.Question question) {
      return DriverLine.answer(question);
    }
    if (message instanceof ExecutorReport report
        && executors.put(report.executor(), report) == null) {
      open(report);
    }
    return null;
  }

  private void open(ExecutorReport first) {
    MetricRegistry own = registry;
    if (own == null) {
      return;
    }
    for (ExecutorGauge gauge : ExecutorGauge.values()) {
      String name = name(first.executor(), gauge);
      own.remove(name);
      own.register(
          name, (Gauge<Number>) () -> gauge.of(executors.getOrDefault(first.executor(), first)));
    }
  }

  /** The gauges of an executor that is gone would show its last values for ever. */
  private void forget(String executor) {
    MetricRegistry own = registry;
    if (own != null && executors.remove(executor) != null) {
      for (ExecutorGauge gauge : ExecutorGauge.values()) {
        own.remove(name(executor, gauge));
      }
    }
  }

  private static String name(String executor, ExecutorGauge gauge) {
    return MetricRegistry.name("executor", executor, gauge.id());
  }
}
