package dev.mona.training;

import dev.mona.rounds.Diagnostics;
import dev.mona.rounds.RoundOutcome;

/** Whether training can go on from a round: with numbers, not with infinities and NaN. */
final class FiniteCheck {
  private FiniteCheck() {}

  /** Whether loss, parameters and moments are finite. */
  static boolean passes(RoundOutcome outcome) {
    Double loss = outcome.metrics().means().get(Diagnostics.LOSS);
    return (loss == null || Double.isFinite(loss))
        && allFinite(outcome.state().parameters())
        && allFinite(outcome.state().moments());
  }

  private static boolean allFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
