package dev.mona.checkpoint;

import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the rest of a run depends on, at the end of an epoch.
 *
 * @param stage the stage
 * @param epochs epochs of the stage that are done
 * @param rounds rounds of the stage that are done
 * @param state the averaged state
 * @param best best epoch of the stage by validation score, if any was scored
 * @param reference score that the next improvement is measured against; NaN before the first
 * @param staleEpochs epochs since the last improvement
 * @param history every epoch of the run so far
 */
public record Checkpoint(
    Stage stage,
    int epochs,
    int rounds,
    TrainingState state,
    @Nullable BestEpoch best,
    double reference,
    int staleEpochs,
    List<EpochScore> history) {
  public Checkpoint {
    if (epochs < 1 || rounds < epochs || staleEpochs < 0) {
      throw new IllegalArgumentException(
          epochs + " epochs in " + rounds + " rounds, " + staleEpochs + " stale: impossible");
    }
    history = List.copyOf(history);
  }

  /** Name of its directory: stage and rounds done. */
  String name() {
    return String.format(Locale.ROOT, "%s-%06d", stage.id(), rounds);
  }
}
