package dev.mona.training;

import dev.mona.checkpoint.EpochUnderWay;
import dev.mona.learner.Learner;
import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.Round;
import dev.mona.rounds.RoundOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What is done of an epoch.
 *
 * @param rounds its rounds that are done
 * @param examples samples seen in them by all workers
 * @param metrics theirs, merged in their order
 */
record EpochProgress(int rounds, long examples, Diagnostics metrics) {
  /**
   * Name under which is kept how many steps in a row, up to the last round, no worker could take.
   * It goes into checkpoints and epochs with the metrics, so that a resumed run counts on.
   */
  static final String DROPPED_IN_A_ROW = "dropped_in_a_row";

  static final EpochProgress START = new EpochProgress(0, 0, Diagnostics.NONE);

  /** As a checkpoint left it. */
  static EpochProgress of(EpochUnderWay underWay) {
    return new EpochProgress(
        underWay.rounds(),
        underWay.examples(),
        new Diagnostics(underWay.sums(), underWay.counts()));
  }

  /**
   * With another round.
   *
   * @param droppedBefore steps in a row that were dropped before this epoch
   */
  EpochProgress after(Round round, RoundOutcome outcome, double droppedBefore) {
    Diagnostics merged = metrics.merge(outcome.metrics());
    if (outcome.metrics().sums().containsKey(Learner.DROPPED_STEPS)) {
      double before = rounds == 0 ? droppedBefore : droppedInARow();
      boolean none = outcome.metrics().allDropped();
      merged = merged.with(DROPPED_IN_A_ROW, none ? before + round.steps().count() : 0);
    }
    return new EpochProgress(rounds + 1, examples + outcome.examples(), merged);
  }

  /** Steps in a row, up to the last round, that no worker could take. */
  double droppedInARow() {
    return metrics.sums().getOrDefault(DROPPED_IN_A_ROW, 0.0);
  }

  /**
   * For a checkpoint.
   *
   * @param start flat parameters at the epoch's start, null where they are not needed
   */
  EpochUnderWay underWay(float @Nullable [] start) {
    return rounds == 0
        ? EpochUnderWay.NONE
        : new EpochUnderWay(rounds, examples, metrics.sums(), metrics.counts(), start);
  }
}
