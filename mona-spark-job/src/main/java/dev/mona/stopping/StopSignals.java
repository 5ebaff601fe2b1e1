package dev.mona.stopping;

import dev.mona.training.StopRequest;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.SignalUtils;
import org.jspecify.annotations.Nullable;
import scala.runtime.BoxesRunTime;

/**
 * SIGTERM and SIGINT of this JVM as a request to stop the run in it. Taken before the JVM begins to
 * shut down, since Spark's shutdown hook would stop the context under the round. The next signal,
 * and one without a run, ends the JVM as ever.
 */
final class StopSignals implements AutoCloseable {
  private static final AtomicReference<@Nullable StopRequest> CURRENT = new AtomicReference<>();

  static {
    // Spark's own registry: its loggers of signals, as in YARN's application master, stay
    for (String signal : new String[] {"TERM", "INT"}) {
      SignalUtils.register(signal, () -> BoxesRunTime.boxToBoolean(take("SIG" + signal)));
    }
  }

  private StopSignals() {}

  /** Directs signals to this request until closed. */
  static StopSignals to(StopRequest request) {
    CURRENT.set(request);
    return new StopSignals();
  }

  private static boolean take(String signal) {
    StopRequest request = CURRENT.get();
    return request != null && request.request(signal);
  }

  @Override
  public void close() {
    CURRENT.set(null);
  }
}
