package dev.mona.rounds;

import dev.mona.learner.Learner;
import dev.mona.learner.RoundResult;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sums by name and what each is to be divided by. Sums are added in the order of the merges, so
 * merging in partition order gives the same bits every time.
 *
 * @param sums sums over examples or steps
 * @param counts number of examples or steps in each sum
 */
public record Diagnostics(Map<String, Double> sums, Map<String, Long> counts)
    implements Serializable {

  /** Name under which learners report the sum of the training loss. */
  public static final String LOSS = "loss";

  public static final Diagnostics NONE = new Diagnostics(Map.of(), Map.of());

  public Diagnostics {
    if (!sums.keySet().equals(counts.keySet())) {
      throw new IllegalArgumentException(
          "sums of " + sums.keySet() + " but counts of " + counts.keySet());
    }
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  static Diagnostics of(RoundResult result) {
    return new Diagnostics(result.metrics(), result.counts());
  }

  /** These metrics and then the other's. */
  public Diagnostics merge(Diagnostics other) {
    Map<String, Double> newSums = new LinkedHashMap<>(sums);
    Map<String, Long> newCounts = new LinkedHashMap<>(counts);
    other.sums.forEach((name, sum) -> newSums.merge(name, sum, Double::sum));
    other.counts.forEach((name, count) -> newCounts.merge(name, count, Long::sum));
    return new Diagnostics(newSums, newCounts);
  }

  /**
   * Mean by name; NaN where nothing was counted. Of {@link Learner#DROPPED_STEPS} it is the sum:
   * how many there were.
   */
  public Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach(
        (name, sum) ->
            means.put(name, name.equals(Learner.DROPPED_STEPS) ? sum : sum / count(name)));
    return means;
  }

  /** Whether steps are dropped where they are not finite, and all that were due were. */
  public boolean allDropped() {
    Double dropped = sums.get(Learner.DROPPED_STEPS);
    return dropped != null && dropped == count(Learner.DROPPED_STEPS);
  }

  /** The same with a value of its own under a name. */
  public Diagnostics with(String name, double value) {
    Map<String, Double> newSums = new LinkedHashMap<>(sums);
    Map<String, Long> newCounts = new LinkedHashMap<>(counts);
    newSums.put(name, value);
    newCounts.put(name, 1L);
    return new Diagnostics(newSums, newCounts);
  }

  private double count(String name) {
    Long count = counts.get(name);
    return count == null ? 0 : count;
  }
}
