package dev.mona.rounds;

import dev.mona.learner.TrainingState;

/**
 * What a round comes to.
 *
 * @param state the mean of the states that the workers reached
 * @param report their reports, merged in partition order
 */
record Averaged(TrainingState state, Contribution.Report report) {

  /**
   * The same with its times.
   *
   * @param start the state that the round started from
   * @param began when it did, by the nanosecond clock
   * @throws IllegalStateException if no worker took all steps of the round
   */
  RoundOutcome outcome(Round round, TrainingState start, long began) {
    long expected = start.iteration() + round.steps().count();
    if (report.iteration() != expected) {
      throw new IllegalStateException(
          "round came back with report " + report + ", expected iteration " + expected);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new RoundOutcome(
        new TrainingState(state.parameters(), state.moments(), state.velocity(), expected),
        report.examples(),
        report.metrics(),
        seconds,
        Math.max(0, seconds - report.localSeconds()));
  }
}
