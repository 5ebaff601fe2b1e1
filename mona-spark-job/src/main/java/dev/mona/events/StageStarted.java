package dev.mona.events;

import dev.mona.learner.Stage;

/**
 * A stage starts, or goes on after a resume.
 *
 * @param stage which
 * @param epochs epochs it runs at most
 * @param firstEpoch epoch it starts at, from 0; later after a resume
 * @param roundsPerEpoch rounds of each epoch
 */
public record StageStarted(Stage stage, int epochs, int firstEpoch, int roundsPerEpoch) {
  public StageStarted {
    if (epochs < 0 || firstEpoch < 0 || roundsPerEpoch < 1) {
      throw new IllegalArgumentException(
          "epochs and first epoch must be >= 0, rounds per epoch >= 1");
    }
  }
}
