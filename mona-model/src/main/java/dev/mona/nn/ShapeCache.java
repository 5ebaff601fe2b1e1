package dev.mona.nn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Values that follow from shapes alone, such as index arrays: made once and shared by all threads.
 * A run sees few shapes; one that sees many starts over now and then.
 *
 * @param <K> what the value follows from
 * @param <V> the value, never changed
 */
public final class ShapeCache<K, V> {
  private static final int MOST = 256;

  private final Map<K, V> values = new ConcurrentHashMap<>();
  private final Function<K, V> make;

  public ShapeCache(Function<K, V> make) {
    this.make = make;
  }

  public V get(K key) {
    V value = values.get(key);
    if (value == null) {
      if (values.size() >= MOST) {
        values.clear();
      }
      value = values.computeIfAbsent(key, make);
    }
    return value;
  }
}
