package dev.mona.task;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * Mean and deviation of each output of a dense task over the training data. The network's
 * predictions are {@code mean + sd * head}, so that losses and metrics are in the units of the
 * labels while the head works in units of deviations.
 *
 * @param mean of each output
 * @param sd of each output, {@code > 0}
 */
public record TargetScale(List<Double> mean, List<Double> sd) implements Serializable {
  public TargetScale {
    mean = List.copyOf(mean);
    sd = List.copyOf(sd);
    if (mean.size() != sd.size()
        || !mean.stream().allMatch(Double::isFinite)
        || !sd.stream().allMatch(s -> Double.isFinite(s) && s > 0)) {
      throw new IllegalArgumentException("means must be finite, as many deviations positive");
    }
  }

  /** Predictions as the head gives them. */
  public static TargetScale none(int outputs) {
    return new TargetScale(Collections.nCopies(outputs, 0.0), Collections.nCopies(outputs, 1.0));
  }

  /** Whether predictions are what the head gives. */
  public boolean isNone() {
    return equals(none(mean.size()));
  }
}
