package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the rest of a run depends on, after a round.
 *
 * @param stage the stage
 * @param epochs epochs of the stage that are done
 * @param underWay what is done of the next epoch; {@link EpochUnderWay#NONE} at the end of one
 * @param state the averaged state
 * @param best best epoch of the stage by validation score, if any was scored
 * @param reference score that the next improvement is measured against; NaN before the first
 * @param staleEpochs epochs since the last improvement
 * @param history every epoch of the run so far
 * @param seconds wall-clock time of training until then, over all starts of the run
 */
public record Checkpoint(
    Stage stage,
    int epochs,
    EpochUnderWay underWay,
    TrainingState state,
    @Nullable BestEpoch best,
    double reference,
    int staleEpochs,
    List<EpochScore> history,
    double seconds) {
  public Checkpoint {
    if (epochs < 0
        || staleEpochs < 0
        || (epochs == 0 && underWay.rounds() == 0)
        || !(seconds >= 0)) {
      throw new IllegalArgumentException(
          epochs
              + " epochs and "
              + underWay.rounds()
              + " rounds, "
              + staleEpochs
              + " stale, "
              + seconds
              + " seconds: impossible");
    }
    history = List.copyOf(history);
  }

  /** Name of its directory. */
  String name() {
    return CheckpointName.of(stage, epochs, underWay.rounds()).name();
  }
}
