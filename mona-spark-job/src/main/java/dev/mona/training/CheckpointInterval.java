package dev.mona.training;

import java.time.Duration;

/**
 * When a checkpoint is due within an epoch, beside the one at its end. Either is enough.
 *
 * @param rounds rounds since the last checkpoint; 0 for never
 * @param time wall-clock time since the last checkpoint; zero for never
 */
public record CheckpointInterval(int rounds, Duration time) {

  /** At the end of an epoch only. */
  public static final CheckpointInterval EPOCHS = new CheckpointInterval(0, Duration.ZERO);

  public CheckpointInterval {
    if (rounds < 0 || time.isNegative()) {
      throw new IllegalArgumentException(rounds + " rounds and " + time + ", must be >= 0");
    }
  }

  /** Whether one is due after so many rounds and so much time without. */
  boolean isDue(int roundsSince, Duration timeSince) {
    return (rounds > 0 && roundsSince >= rounds)
        || (!time.isZero() && timeSince.compareTo(time) >= 0);
  }
}
