package dev.mona.training;

import dev.mona.averaging.RoundMetrics;
import dev.mona.averaging.RoundOutcome;
import dev.mona.checkpoint.EpochUnderWay;
import org.jspecify.annotations.Nullable;

/**
 * What is done of an epoch.
 *
 * @param rounds its rounds that are done
 * @param examples samples seen in them by all workers
 * @param metrics theirs, merged in their order
 */
record EpochProgress(int rounds, long examples, RoundMetrics metrics) {
  static final EpochProgress START = new EpochProgress(0, 0, RoundMetrics.NONE);

  /** As a checkpoint left it. */
  static EpochProgress of(EpochUnderWay underWay) {
    return new EpochProgress(
        underWay.rounds(),
        underWay.examples(),
        new RoundMetrics(underWay.sums(), underWay.counts()));
  }

  EpochProgress after(RoundOutcome outcome) {
    return new EpochProgress(
        rounds + 1, examples + outcome.examples(), metrics.merge(outcome.metrics()));
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
