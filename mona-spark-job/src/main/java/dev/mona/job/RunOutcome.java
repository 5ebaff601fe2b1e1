package dev.mona.job;

import dev.mona.training.StopReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param directory the run's directory
 * @param stopReason why
 * @param scores final scores by name, in display order
 */
public record RunOutcome(String directory, StopReason stopReason, Map<String, Double> scores) {
  public RunOutcome {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }
}
