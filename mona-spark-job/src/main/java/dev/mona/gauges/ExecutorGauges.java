package dev.mona.gauges;

import com.codahale.metrics.Gauge;
import dev.mona.device.TaskDevice;
import dev.mona.gauges.ExecutorReport.Memory;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor's side: its own gauges, and a report to the driver whenever a task ends. */
final class ExecutorGauges implements ExecutorPlugin {
  private static final Logger log = LoggerFactory.getLogger(ExecutorGauges.class);

  private @Nullable PluginContext context;
  private volatile Memory memory = Memory.UNKNOWN;

  @Override
  public void init(PluginContext newContext, Map<String, String> unused) {
    context = newContext;
    DriverLine.connect(newContext);
    String executor = newContext.executorID();
    if (executor.equals(ExecutorReport.DRIVER)) {
      // started before Spark knows the application's id, which names its gauges: the driver has
      // them
      return;
    }
    for (ExecutorGauge gauge : ExecutorGauge.values()) {
      newContext
          .metricRegistry()
          .register(gauge.id(), (Gauge<Number>) () -> gauge.of(report(executor)));
    }
  }

  private ExecutorReport report(String executor) {
    return ExecutorReport.of(executor, JvmMetrics.work(), memory);
  }

  /**
   * Asking JavaCPP loads its natives, or waits until somebody else has: a scrape must not, and
   * tasks that have nothing to do with arrays need not.
   */
  private void measure() {
    TaskDevice.current()
        .ifPresent(
            at ->
                memory =
                    new Memory(
                        at.gpu() ? 0 : at.device().usedBytes(),
                        Pointer.physicalBytes(),
                        at.device().usedBytes(),
                        at.device().totalBytes()));
  }

  @Override
  public void onTaskSucceeded() {
    send();
  }

  @Override
  public void onTaskFailed(TaskFailedReason reason) {
    send();
  }

  /** A report that does not arrive costs a stale gauge, never a task. */
  private void send() {
    PluginContext to = context;
    if (to == null) {
      return;
    }
    measure();
    try {
      to.send(report(to.executorID()));
    } catch (IOException | RuntimeException e) {
      log.debug("event=report_failed executor={}", to.executorID(), e);
    }
  }
}
