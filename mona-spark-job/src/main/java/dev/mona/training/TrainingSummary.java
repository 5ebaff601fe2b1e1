package dev.mona.training;

import dev.mona.checkpoint.EpochScore;
import dev.mona.events.StopReason;
import dev.mona.learner.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param stopReason why
 * @param parameters the model: best epoch by validation score in the finetuning stage, last epoch
 *     without validation; after a divergence the last epoch that was finite
 * @param history every epoch, those before a resume included
 * @param seconds wall-clock time of training, over all starts of the run
 */
public record TrainingSummary(
    StopReason stopReason, ModelParameters parameters, List<EpochScore> history, double seconds) {
  public TrainingSummary {
    history = List.copyOf(history);
  }

  /** The finetuning epoch whose parameters were taken; empty without a scored one. */
  public Optional<EpochScore> bestEpoch() {
    return history.stream()
        .filter(epoch -> epoch.stage() == Stage.FINETUNING && !Double.isNaN(epoch.score()))
        .min(Comparator.comparingDouble(EpochScore::score).thenComparing(EpochScore::epoch));
  }
}
