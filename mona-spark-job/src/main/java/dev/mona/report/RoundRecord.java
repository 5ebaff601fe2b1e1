package dev.mona.report;

import dev.mona.learner.Stage;
import java.util.Map;

/**
 * A finished round.
 *
 * @param stage its stage
 * @param epoch epoch within the stage, from 0
 * @param round round within the epoch, from 0
 * @param ofRounds rounds of the epoch
 * @param examples target samples seen by all workers in the round
 * @param seconds duration of the round
 * @param metrics means over the round by name, in display order; NaN where there is none
 */
public record RoundRecord(
    Stage stage,
    int epoch,
    int round,
    int ofRounds,
    long examples,
    double seconds,
    Map<String, Double> metrics) {
  public RoundRecord {
    metrics = Metrics.copy(metrics);
    if (epoch < 0 || round < 0 || round >= ofRounds || examples < 0) {
      throw new IllegalArgumentException(
          "round " + round + " of " + ofRounds + " in epoch " + epoch + " cannot be");
    }
  }
}
