package dev.mona.job;

import dev.mona.MonaException;
import dev.mona.device.DeviceCheck;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.TaskDevice;
import dev.mona.spark.SparkJob;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Checks devices before anything is read or trained. An executor that comes later is checked when
 * it makes its first learner.
 *
 * @param request what the run computes on
 */
record DeviceRequirement(DeviceRequest request) {

  /**
   * The driver holds the model as a DL4J graph, so ND4J has to run there too if it is the engine.
   * With another one the driver only needs its classes: the graph lives on the CPU.
   *
   * @throws MonaException of the category {@code ENVIRONMENT}
   */
  void onDriver() {
    if (request.engine() == EngineName.ND4J) {
      TaskDevice.bind(request, 0);
    } else {
      DeviceCheck.of(request);
    }
  }

  /**
   * One task for each partition binds its device, as training will.
   *
   * @return the kinds of devices that there are, in words
   * @throws MonaException of the category {@code ENVIRONMENT}, with the executor
   */
  List<String> onExecutors(JavaSparkContext spark, int partitions) {
    List<Integer> tasks = IntStream.range(0, partitions).boxed().toList();
    DeviceRequest wanted = request;
    List<Answer> answers =
        SparkJob.described(
            spark,
            "check devices",
            () ->
                spark
                    .parallelize(tasks, partitions)
                    .map(task -> Answer.of(wanted))
                    .distinct()
                    .collect());
    answers.stream()
        .filter(Answer::refused)
        .findFirst()
        .ifPresent(
            refusal -> {
              throw new MonaException(MonaException.Category.ENVIRONMENT, refusal.sentence());
            });
    return answers.stream().map(Answer::sentence).sorted().toList();
  }

  /**
   * What a task found. A refusal is a result: a failed task would be tried again.
   *
   * @param refused whether it cannot compute
   * @param sentence why not, or on what
   */
  private record Answer(boolean refused, String sentence) implements Serializable {
    static Answer of(DeviceRequest request) {
      try {
        return new Answer(false, TaskDevice.of(request).describe());
      } catch (MonaException e) {
        return new Answer(true, "executor " + SparkEnv.get().executorId() + ": " + e.getMessage());
      }
    }
  }
}
