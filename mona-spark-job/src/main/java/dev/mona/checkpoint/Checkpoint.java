package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.util.List;

/**
 * Everything that the rest of a run depends on, after a round.
 *
 * @param position where the run is
 * @param state the averaged state
 * @param selection the stage's best epoch, and since when nothing got better
 * @param history every epoch of the run so far
 * @param seconds wall-clock time of training until then, over all starts of the run
 */
public record Checkpoint(
    Position position,
    TrainingState state,
    Selection selection,
    List<EpochScore> history,
    double seconds) {
  public Checkpoint {
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException(seconds + " seconds: impossible");
    }
    history = List.copyOf(history);
  }

  /** Name of its directory. */
  String name() {
    return position.name().name();
  }

  public Stage stage() {
    return position.stage();
  }

  /** Epochs of the stage that are done. */
  public int epochs() {
    return position.epochs();
  }

  /** What is done of the next epoch. */
  public EpochUnderWay underWay() {
    return position.underWay();
  }
}
