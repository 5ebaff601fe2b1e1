package dev.mona.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Final scores of a run.
 *
 * @param values by name, in display order; NaN where one is not defined
 */
public record Scores(Map<ScoreName, Double> values) {
  public static final Scores NONE = new Scores(Map.of());

  public Scores {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** A score; NaN when the run has none of that name. */
  public double of(ScoreName name) {
    return values.getOrDefault(name, Double.NaN);
  }

  /** The score of the test split, by the run's own metric; NaN when it has none. */
  public double test() {
    return values.entrySet().stream()
        .filter(score -> score.getKey() instanceof ScoreName.Test)
        .mapToDouble(Map.Entry::getValue)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** All but that of the test split. */
  public Scores withoutTest() {
    Map<ScoreName, Double> rest = new LinkedHashMap<>(values);
    rest.keySet().removeIf(ScoreName.Test.class::isInstance);
    return new Scores(rest);
  }

  /** For tables and files. */
  public Map<String, Double> byId() {
    Map<String, Double> all = new LinkedHashMap<>();
    values.forEach((name, value) -> all.put(name.id(), value));
    return Collections.unmodifiableMap(all);
  }
}
