package dev.mona.report;

import dev.mona.learner.Stage;

/**
 * A stage that starts or ends.
 *
 * @param stage which
 * @param epochs epochs it runs at most
 * @param firstEpoch epoch it starts at, from 0; later after a resume
 * @param roundsPerEpoch rounds of each epoch
 */
public record StageRecord(Stage stage, int epochs, int firstEpoch, int roundsPerEpoch) {
  public StageRecord {
    if (epochs < 0 || firstEpoch < 0 || roundsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "epochs and first epoch must be >= 0, rounds per epoch >= 1");
    }
  }
}
