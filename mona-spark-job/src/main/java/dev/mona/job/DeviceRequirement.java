package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.device.TaskDevice;
import dev.mona.device.WantedDevice;
import dev.mona.spark.SparkJob;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Checks devices before anything is read or trained. An executor that comes later is checked when
 * it makes its first learner.
 *
 * @param wanted the device that the run needs
 */
record DeviceRequirement(WantedDevice wanted) {

  /**
   * The driver holds the model as a DL4J graph, so its backend has to run too.
   *
   * @throws MonaException of the category {@code ENVIRONMENT}
   */
  void onDriver() {
    TaskDevice.bind(wanted);
  }

  /**
   * One task for each partition binds its device, as training will.
   *
   * @throws MonaException of the category {@code ENVIRONMENT}, with the executor
   */
  void onExecutors(JavaSparkContext spark, int partitions) {
    List<Integer> tasks = IntStream.range(0, partitions).boxed().toList();
    WantedDevice device = wanted;
    // a refusal is a result: a failed task would be tried again
    List<String> refusals =
        SparkJob.described(
            spark,
            "check devices",
            () ->
                spark
                    .parallelize(tasks, partitions)
                    .map(task -> refusal(device).orElse(""))
                    .filter(refusal -> !refusal.isEmpty())
                    .collect());
    if (!refusals.isEmpty()) {
      throw new MonaException(MonaException.Category.ENVIRONMENT, refusals.get(0));
    }
  }

  private static Optional<String> refusal(WantedDevice device) {
    try {
      TaskDevice.bind(device);
      return Optional.empty();
    } catch (MonaException e) {
      return Optional.of("executor " + SparkEnv.get().executorId() + ": " + e.getMessage());
    }
  }
}
