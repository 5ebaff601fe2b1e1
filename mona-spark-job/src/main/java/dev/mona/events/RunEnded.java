package dev.mona.events;

/**
 * A run ended by itself, well or not.
 *
 * @param directory the run's directory
 * @param stopReason why it ended
 * @param seconds wall-clock time of training over all starts of the run; NaN where it is not known
 * @param scores final scores
 * @param time where the time of the start that ended it went
 */
public record RunEnded(
    String directory, StopReason stopReason, double seconds, Scores scores, WallTime time) {
  public boolean diverged() {
    return stopReason == StopReason.DIVERGED;
  }
}
