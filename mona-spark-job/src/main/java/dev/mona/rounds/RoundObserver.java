package dev.mona.rounds;

/** Follows the rounds of an epoch on the driver. */
@FunctionalInterface
public interface RoundObserver {

  /**
   * A round ended. Told in order, once each, on the thread that asked for the rounds.
   *
   * @return whether the next one is wanted; if not, the state is handed over as it is
   */
  boolean goesOn(Round round, RoundOutcome outcome);
}
