package dev.mona.task;

import java.io.Serializable;

/**
 * The loss of a task.
 *
 * @param loss which
 * @param positiveWeight weight of positive labels in the binary cross entropy; 1 otherwise
 * @param cap largest label of the mean squared loss, larger ones count as this; 0 for none
 */
public record LossOptions(Loss loss, double positiveWeight, double cap) implements Serializable {
  public LossOptions {
    if (!(positiveWeight > 0) || !(cap >= 0)) {
      throw new IllegalArgumentException("the positive weight must be > 0, the cap >= 0");
    }
  }

  /** The loss of a kind of task where none is named. */
  public static LossOptions of(TaskKind kind) {
    return new LossOptions(Loss.of(kind), 1, 0);
  }
}
