package dev.mona.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metrics by name, in the order in which they were given. */
final class Metrics {
  private Metrics() {}

  static Map<String, Double> copy(Map<String, Double> metrics) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
