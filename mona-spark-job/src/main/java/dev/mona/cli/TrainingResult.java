package dev.mona.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param directory the run's directory
 * @param stopReason why it ended
 * @param diverged whether the reason is a loss or a parameter that is not finite
 * @param scores final scores by name, in display order
 */
public record TrainingResult(
    String directory, String stopReason, boolean diverged, Map<String, Double> scores) {
  public TrainingResult {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }
}
