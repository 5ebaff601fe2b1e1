package dev.mona.learner;

import java.util.LinkedHashMap;
import java.util.Map;

/** Weighted sums of what the steps of a round measured. */
final class MetricSums {
  private final Map<String, Double> sums = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();

  void add(String name, double value, long weight) {
    sums.merge(name, value * weight, Double::sum);
    counts.merge(name, weight, Long::sum);
  }

  /** These sums and then the other's. */
  void add(MetricSums other) {
    other.sums.forEach((name, sum) -> sums.merge(name, sum, Double::sum));
    other.counts.forEach((name, count) -> counts.merge(name, count, Long::sum));
  }

  /** The sum of that name; 0 without any. */
  double sum(String name) {
    return sums.getOrDefault(name, 0.0);
  }

  LocalResult result(long examples) {
    return new LocalResult(examples, sums, counts);
  }
}
