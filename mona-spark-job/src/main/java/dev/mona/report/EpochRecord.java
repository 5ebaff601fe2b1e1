package dev.mona.report;

import dev.mona.learner.Stage;
import java.util.Map;

/**
 * A finished epoch with its validation.
 *
 * @param stage its stage
 * @param epoch epoch within the stage, from 0
 * @param examples target samples seen by all workers in the epoch
 * @param seconds duration of the epoch, validation included
 * @param metrics training means and validation scores by name, in display order; NaN where there is
 *     none
 */
public record EpochRecord(
    Stage stage, int epoch, long examples, double seconds, Map<String, Double> metrics) {
  public EpochRecord {
    metrics = Metrics.copy(metrics);
    if (epoch < 0 || examples < 0) {
      throw new IllegalArgumentException("epoch and examples must be >= 0");
    }
  }
}
