package dev.mona.spark;

import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A value on its way from the driver to tasks: through memory where they share the driver's JVM,
 * else as a broadcast. Tasks must not change it.
 *
 * @param <T> what it is
 */
public sealed interface Sent<T> extends Serializable, AutoCloseable permits Slot, Sent.Broadcasted {

  /** Sends a value until it is closed. */
  static <T> Sent<T> to(JavaSparkContext spark, T value) {
    return spark.isLocal() ? Slot.of(value) : new Broadcasted<>(spark.broadcast(value));
  }

  /** The value, on the driver or in a task. */
  T value();

  /** Lets go of it, on the driver; no task can ask for it any more. */
  @Override
  void close();

  /** A value that executors fetch. */
  record Broadcasted<T>(Broadcast<T> broadcast) implements Sent<T> {
    @Override
    public T value() {
      return broadcast.value();
    }

    @Override
    public void close() {
      broadcast.destroy();
    }
  }
}
