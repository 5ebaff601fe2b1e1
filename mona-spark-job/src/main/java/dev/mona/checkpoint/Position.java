package dev.mona.checkpoint;

import dev.mona.learner.Stage;

/**
 * How far a run has got.
 *
 * @param stage the stage
 * @param epochs epochs of the stage that are done
 * @param underWay what is done of the next epoch; {@link EpochUnderWay#NONE} at the end of one
 */
public record Position(Stage stage, int epochs, EpochUnderWay underWay) {
  public Position {
    if (epochs < 0 || (epochs == 0 && underWay.rounds() == 0)) {
      throw new IllegalArgumentException(
          epochs + " epochs and " + underWay.rounds() + " rounds: impossible");
    }
  }

  /** Name of a checkpoint there. */
  CheckpointName name() {
    return CheckpointName.of(stage, epochs, underWay.rounds());
  }
}
