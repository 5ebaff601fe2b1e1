package dev.mona.cli;

import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a check of data and weights found.
 *
 * @param task the task that the data pose
 * @param trainSamples samples to train on
 * @param validationSamples samples to choose the best epoch on
 * @param testSamples samples to report on
 * @param partitions partitions of the training samples
 * @param parameters parameters of each group of the model
 */
public record Readiness(
    TaskSpec task,
    int trainSamples,
    int validationSamples,
    int testSamples,
    int partitions,
    Map<ParameterGroup, Long> parameters) {
  public Readiness {
    parameters = Collections.unmodifiableMap(new EnumMap<>(parameters));
    if (trainSamples < 1 || partitions < 1 || partitions > trainSamples) {
      throw new IllegalArgumentException(
          partitions + " partitions for " + trainSamples + " training samples");
    }
  }

  /** Samples of the largest partition. */
  int largestPartition() {
    return (trainSamples + partitions - 1) / partitions;
  }
}
