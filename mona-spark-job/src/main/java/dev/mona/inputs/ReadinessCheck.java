package dev.mona.inputs;

import dev.mona.config.MonaConfig;
import dev.mona.sizing.ModelShape;
import dev.mona.sizing.Workload;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.spark.sql.SparkSession;

/**
 * What a check of data and weights found, without training.
 *
 * @param task the task that the data pose
 * @param trainSamples samples to train on
 * @param validationSamples samples to choose the best epoch on
 * @param testSamples samples to report on
 * @param partitions workers
 * @param parameters parameters of each group of the model
 * @param workload what it asks of a cluster
 */
public record ReadinessCheck(
    TaskSpec task,
    int trainSamples,
    int validationSamples,
    int testSamples,
    int partitions,
    Map<ParameterGroup, Long> parameters,
    Workload workload) {
  public ReadinessCheck {
    parameters = Collections.unmodifiableMap(new EnumMap<>(parameters));
    if (trainSamples < 1 || partitions < 1 || partitions > trainSamples) {
      throw new IllegalArgumentException(
          partitions + " partitions for " + trainSamples + " training samples");
    }
  }

  /**
   * Opens everything that the configuration names.
   *
   * @throws dev.mona.MonaException for what would end a training before it starts
   */
  public static ReadinessCheck of(SparkSession spark, MonaConfig config) {
    ClusterSettings.of(spark.sparkContext().getConf()).require(config);
    JobInputs inputs = JobInputs.open(spark, config, OptionalInt.empty());
    Map<ParameterGroup, Long> parameters = new EnumMap<>(ParameterGroup.class);
    for (ParameterGroup group : ParameterGroup.values()) {
      parameters.put(group, inputs.network().layout(group).length());
    }
    return new ReadinessCheck(
        inputs.options().task(),
        inputs.splits().trainSize(),
        inputs.splits().validationSize(),
        inputs.splits().testSize(),
        inputs.partitions(),
        parameters,
        workload(inputs));
  }

  private static Workload workload(JobInputs inputs) {
    TaskSpec task = inputs.options().task();
    long samples = (long) inputs.splits().trainSize() + inputs.splits().validationSize();
    // features, label and id
    long values = task.featureLength() + (long) task.labelLength() + 2;
    int tokens = 0;
    long bytes = 0;
    for (SourceSamples part : inputs.source().all()) {
      if (part instanceof SourceTexts texts) {
        tokens = Math.max(tokens, texts.longest());
        bytes += (long) Integer.BYTES * texts.tokens().length;
      } else {
        tokens = inputs.network().embedder().tokens();
        bytes += ((SourceImages) part).pixels().length;
      }
    }
    return new Workload(
        ModelShape.of(inputs.network(), inputs.weights(), tokens, bytes),
        inputs.options(),
        inputs.partitions(),
        (inputs.splits().trainSize() + inputs.partitions() - 1) / inputs.partitions(),
        samples * values * Float.BYTES);
  }

  /** Samples of the largest partition. */
  public int largestPartition() {
    return (trainSamples + partitions - 1) / partitions;
  }
}
