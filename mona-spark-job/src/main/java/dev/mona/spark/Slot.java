package dev.mona.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A place in the driver's memory that tasks of a local master read and fill without a copy. What
 * travels with a task is its number.
 *
 * @param number tells it from the other places of this JVM
 * @param <T> what it holds
 */
public record Slot<T>(long number) implements Sent<T> {
  private static final Map<Long, Object> held = new ConcurrentHashMap<>();
  private static final AtomicLong numbers = new AtomicLong();

  /** A place that holds a value until it is closed. */
  public static <T> Slot<T> of(T value) {
    Slot<T> slot = new Slot<>(numbers.incrementAndGet());
    held.put(slot.number, value);
    return slot;
  }

  /**
   * What it holds.
   *
   * @throws IllegalStateException if it was closed or belongs to another JVM
   */
  @Override
  @SuppressWarnings("unchecked") // only of() and set() fill it
  public T value() {
    Object value = held.get(number);
    if (value == null) {
      throw new IllegalStateException("this JVM holds nothing in slot " + number);
    }
    return (T) value;
  }

  /**
   * Fills it anew; one that was closed stays empty, whatever a task that was given up still does.
   */
  public void set(T value) {
    held.computeIfPresent(number, (id, old) -> value);
  }

  @Override
  public void close() {
    held.remove(number);
  }
}
