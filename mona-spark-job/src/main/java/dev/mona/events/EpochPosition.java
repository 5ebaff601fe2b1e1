package dev.mona.events;

import dev.mona.learner.Stage;

/**
 * Which epoch of a run.
 *
 * @param stage its stage
 * @param index epoch within the stage, from 0
 * @param of epochs of the stage
 */
public record EpochPosition(Stage stage, int index, int of) {
  public EpochPosition {
    if (index < 0 || index >= of) {
      throw new IllegalArgumentException("epoch " + index + " of " + of + " cannot be");
    }
  }
}
