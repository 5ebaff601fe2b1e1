package dev.mona.inputs;

import dev.mona.config.MonaConfig;
import dev.mona.data.TargetSplits;
import dev.mona.learner.Stage;
import dev.mona.sizing.ModelShape;
import dev.mona.sizing.Workload;
import dev.mona.source.SourceImages;
import dev.mona.source.SourceSamples;
import dev.mona.source.SourceTexts;
import dev.mona.task.BlockLimits;
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
 * @param samples samples of each split
 * @param partitions workers
 * @param parameters parameters of each group of the model
 * @param workload what it asks of a cluster
 */
public record ReadinessCheck(
    TaskSpec task,
    Samples samples,
    int partitions,
    Map<ParameterGroup, Long> parameters,
    Workload workload) {

  /**
   * How many samples there are.
   *
   * @param train to train on
   * @param validation to choose the best epoch on
   * @param test to report on
   */
  public record Samples(int train, int validation, int test) {}

  public ReadinessCheck {
    parameters = Collections.unmodifiableMap(new EnumMap<>(parameters));
    if (samples.train() < 1 || partitions < 1 || partitions > samples.train()) {
      throw new IllegalArgumentException(
          partitions + " partitions for " + samples.train() + " training samples");
    }
  }

  /**
   * Opens everything that the configuration names.
   *
   * @throws dev.mona.MonaException for what would end a training before it starts
   */
  public static ReadinessCheck of(SparkSession spark, MonaConfig config) {
    ClusterSettings.of(spark.sparkContext().getConf()).require(config);
    JobInputs inputs = JobInputs.open(spark, config, TargetSamples.FILES, OptionalInt.empty());
    Map<ParameterGroup, Long> parameters = new EnumMap<>(ParameterGroup.class);
    for (ParameterGroup group : ParameterGroup.values()) {
      parameters.put(group, inputs.network().layout(group).length());
    }
    return new ReadinessCheck(
        inputs.options().task(),
        new Samples(
            inputs.splits().trainSize(),
            inputs.splits().validationSize(),
            inputs.splits().testSize()),
        inputs.partitions(),
        parameters,
        workload(inputs));
  }

  /** Parameters that a stage trains. */
  public long trained(Stage stage) {
    long adapters = workload.shape().parameters().adapters();
    long trained = 0;
    for (ParameterGroup group : stage.trained()) {
      boolean adapted = group == ParameterGroup.ENCODER && adapters > 0;
      trained += adapted ? adapters : parameters.getOrDefault(group, 0L);
    }
    return trained;
  }

  private static long adapters(JobInputs inputs) {
    return inputs.adapters().map(each -> each.layout().length()).orElse(0L);
  }

  private static Workload workload(JobInputs inputs) {
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
        ModelShape.of(inputs.network(), inputs.weights(), adapters(inputs), tokens, bytes),
        inputs.options(),
        inputs.partitions(),
        samples(inputs),
        inputs.config().averaging().hasVelocity());
  }

  private static Workload.Samples samples(JobInputs inputs) {
    TaskSpec task = inputs.options().task();
    TargetSplits splits = inputs.splits();
    int scored = Math.max(splits.validationSize(), splits.testSize());
    return samples(
        task,
        new Samples(splits.trainSize(), splits.validationSize(), splits.testSize()),
        inputs.partitions(),
        Math.min(splits.trainSize(), inputs.options().stage(Stage.ALIGNMENT).batchSize())
            + (long)
                Math.min(splits.trainSize(), inputs.config().evaluation().discrepancySamples()),
        scored * inputs.config().task().metric().of(task).bytesOfSample());
  }

  /**
   * What samples ask of a cluster.
   *
   * @param fixed how many are broadcast
   * @param kept bytes that the metric keeps
   */
  static Workload.Samples samples(
      TaskSpec task, Samples samples, int partitions, long fixed, long kept) {
    int values = task.featureLength() + task.labelLength();
    int largest = (samples.train() + partitions - 1) / partitions;
    int atOnce = BlockLimits.DEFAULT.samplesAtOnce(samples.train(), partitions, values);
    long bytes = Float.BYTES * (values + 2L); // with the id
    return new Workload.Samples(
        largest,
        bytes * (samples.train() + (long) samples.validation()),
        atOnce < largest ? bytes * atOnce : 0,
        bytes * fixed,
        kept);
  }

  /** Samples of the largest partition. */
  public int largestPartition() {
    return (samples.train() + partitions - 1) / partitions;
  }
}
