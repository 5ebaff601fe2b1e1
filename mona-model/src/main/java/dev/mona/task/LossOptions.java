package dev.mona.task;

import dev.mona.MonaException;
import dev.mona.Setting;
import java.io.Serializable;
import java.util.List;

/**
 * The loss of a task.
 *
 * @param loss which
 * @param positiveWeight weight of positive labels in the binary cross entropy; 1 otherwise
 * @param cap largest label of the mean squared loss, larger ones count as this; 0 for none
 * @param classWeights weight of the samples of each class in the cross entropy; empty for 1
 */
public record LossOptions(Loss loss, double positiveWeight, double cap, List<Double> classWeights)
    implements Serializable {
  public LossOptions {
    classWeights = List.copyOf(classWeights);
    if (!(positiveWeight > 0) || !(cap >= 0) || !classWeights.stream().allMatch(w -> w > 0)) {
      throw new IllegalArgumentException("weights must be > 0, the cap >= 0");
    }
    if (!classWeights.isEmpty() && loss != Loss.CROSS_ENTROPY) {
      throw MonaException.configuration(
          "weights of classes go with the loss cross-entropy, not %s: leave them out"
              .formatted(loss),
          Setting.CLASS_WEIGHTS);
    }
  }

  /** A loss in which every sample weighs the same. */
  public LossOptions(Loss loss, double positiveWeight, double cap) {
    this(loss, positiveWeight, cap, List.of());
  }

  /** The same loss with weights of classes. */
  public LossOptions withClassWeights(List<Double> weights) {
    return new LossOptions(loss, positiveWeight, cap, weights);
  }

  /** The loss of a kind of task where none is named. */
  public static LossOptions of(TaskKind kind) {
    return new LossOptions(Loss.of(kind), 1, 0);
  }
}
