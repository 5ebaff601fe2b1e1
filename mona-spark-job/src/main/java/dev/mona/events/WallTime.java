package dev.mona.events;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where the wall-clock time of a start of a run went.
 *
 * @param seconds by what they went into; together the whole time
 */
public record WallTime(Map<Spending, Double> seconds) {
  /** Of a run whose time nobody took. */
  public static final WallTime UNKNOWN = new WallTime(Map.of());

  public WallTime {
    EnumMap<Spending, Double> copy = new EnumMap<>(Spending.class);
    copy.putAll(seconds);
    seconds = Collections.unmodifiableMap(copy);
  }

  /** Seconds that went into something. */
  public double of(Spending spending) {
    return seconds.getOrDefault(spending, 0.0);
  }

  /** All of it. */
  public double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
