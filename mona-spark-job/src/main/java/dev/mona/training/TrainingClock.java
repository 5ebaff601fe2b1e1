package dev.mona.training;

import dev.mona.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * How long a run has been trained, over all its starts. What a start did after its last checkpoint
 * is done again and not counted twice.
 *
 * @param before seconds up to the checkpoint that this start goes on from
 * @param began when this start began, by the nanosecond clock
 */
record TrainingClock(double before, long began) {
  private static final double NANOSECONDS = 1e9;

  static TrainingClock from(@Nullable Checkpoint from) {
    return new TrainingClock(from == null ? 0 : from.seconds(), System.nanoTime());
  }

  double seconds() {
    return before + (System.nanoTime() - began) / NANOSECONDS;
  }
}
