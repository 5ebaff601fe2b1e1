package dev.mona.report;

import java.util.Map;

/**
 * A run that ended by itself, well or not.
 *
 * @param stopReason why it ended
 * @param seconds duration of the run
 * @param metrics final scores by name, in display order
 */
public record RunRecord(String stopReason, double seconds, Map<String, Double> metrics) {
  public RunRecord {
    metrics = Metrics.copy(metrics);
  }
}
