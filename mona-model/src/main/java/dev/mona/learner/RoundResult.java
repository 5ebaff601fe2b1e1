package dev.mona.learner;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a worker hands back after its local steps.
 *
 * @param partition index of the partition
 * @param examples samples seen in this round; the weight in the average. 0 when the partition had
 *     run out of samples, the state is then the one it was given
 * @param state the state after the steps
 * @param metrics sums over the round's examples or steps by name, e.g. {@code loss} (sum over
 *     examples); see {@link Learner} for the names
 * @param counts what each sum in {@code metrics} is to be divided by
 */
public record RoundResult(
    int partition,
    long examples,
    TrainingState state,
    Map<String, Double> metrics,
    Map<String, Long> counts)
    implements Serializable {
  public RoundResult {
    // LinkedHashMap instead of Map.copyOf: iteration order must not depend on the JVM
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }
}
