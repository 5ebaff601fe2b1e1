package dev.mona.learner;

import java.io.Serializable;

/**
 * Local steps that follow each other within an epoch.
 *
 * @param first index within the epoch of the first
 * @param count how many at most; a partition with fewer samples runs out earlier
 * @param perEpoch local steps of the largest partition in one epoch; schedules count with it
 */
public record StepRange(int first, int count, int perEpoch) implements Serializable {
  public StepRange {
    if (first < 0 || count < 1 || perEpoch < 1) {
      throw new IllegalArgumentException(
          count + " steps from " + first + " of an epoch of " + perEpoch + " do not exist");
    }
  }
}
