package dev.mona.learner;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What local steps come to, beside the state.
 *
 * @param examples samples seen; the weight in the average. 0 when the partition had run out of them
 * @param metrics sums over examples or steps by name
 * @param counts what each sum in {@code metrics} is to be divided by
 */
public record LocalResult(long examples, Map<String, Double> metrics, Map<String, Long> counts) {
  public LocalResult {
    // LinkedHashMap instead of Map.copyOf: iteration order must not depend on the JVM
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  /** With the state that the steps lead to. */
  RoundResult of(int partition, TrainingState state) {
    return new RoundResult(partition, examples, state, metrics, counts);
  }
}
