package dev.mona.learner;

import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import java.util.ArrayList;
import java.util.List;

/** What one local step measures on the device, fetched together at its end. */
final class Measured {
  /** A number with the weight that it has in the mean of its name. */
  private record Value(String name, Scalar value, long weight) {}

  private final List<Value> values = new ArrayList<>();

  void add(String name, Scalar value, long weight) {
    values.add(new Value(name, value, weight));
  }

  /** Waits for the device, once. */
  MetricSums fetch(Vectors vectors) {
    double[] fetched = vectors.values(values.stream().map(Value::value).toArray(Scalar[]::new));
    MetricSums sums = new MetricSums();
    for (int i = 0; i < fetched.length; i++) {
      sums.add(values.get(i).name(), fetched[i], values.get(i).weight());
    }
    return sums;
  }
}
