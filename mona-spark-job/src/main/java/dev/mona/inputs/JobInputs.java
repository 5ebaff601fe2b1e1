package dev.mona.inputs;

import dev.mona.MonaException;
import dev.mona.adapter.LowRankAdapters;
import dev.mona.analysis.KMeans;
import dev.mona.config.BackboneConfig;
import dev.mona.config.MonaConfig;
import dev.mona.config.TaskConfig;
import dev.mona.data.Split;
import dev.mona.data.SplitOptions;
import dev.mona.data.TargetDataSet;
import dev.mona.data.TargetSplits;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.learner.Alignment;
import dev.mona.learner.LearnerOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.network.Initializer;
import dev.mona.network.Network;
import dev.mona.network.PretrainedWeights;
import dev.mona.source.SourceSampler;
import dev.mona.spark.Alongside;
import dev.mona.spark.SparkJob;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleBlock;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run reads, opened and checked: nothing here trains, so that a fault in data or
 * weights ends the job before it starts.
 *
 * @param config the configuration
 * @param target samples of the target modality
 * @param weights the pretrained model
 * @param options settings of the learners
 * @param source samples of the source modality
 */
public record JobInputs(
    MonaConfig config,
    Target target,
    PretrainedWeights weights,
    LearnerOptions options,
    SourceProxy source) {

  /**
   * The target data set.
   *
   * @param data the set
   * @param splits its samples
   * @param partitions workers that train on them
   */
  public record Target(TargetDataSet data, TargetSplits splits, int partitions) {}

  /** Label values that are clustered at most. */
  private static final int MOST_CLUSTERED = 1 << 24;

  /**
   * Opens what a training reads.
   *
   * @param samples where its target samples come from
   * @param started partitions of a run that goes on
   * @throws MonaException if anything is refused, a set without a train split among it
   */
  public static JobInputs open(
      SparkSession spark, MonaConfig config, TargetSamples samples, OptionalInt started) {
    JobInputs inputs = openToScore(spark, config, samples, started);
    if (inputs.splits().trainSize() == 0) {
      throw MonaException.data(
          config.task().data().path()
              + " has only a test split: train on another set and score this one with mona"
              + " evaluate");
    }
    int largest = (inputs.splits().trainSize() + inputs.partitions() - 1) / inputs.partitions();
    TaskSpec task = inputs.options.task();
    int values = Math.max(task.featureLength(), task.labelLength());
    new Countable(inputs.options).require(largest, values, inputs.source.largestSample());
    requireBeside(inputs);
    Countable.requireFixed(
        Math.min(inputs.splits().trainSize(), config.evaluation().discrepancySamples()), values);
    return inputs;
  }

  /** Every worker has the target batches that a batch of the alignment takes beside itself. */
  private static void requireBeside(JobInputs inputs) {
    StageOptions alignment = inputs.options.stage(Stage.ALIGNMENT);
    int beside = alignment.epochs() == 0 ? 0 : inputs.options.besideBatch(Stage.ALIGNMENT);
    int smallest = inputs.splits().trainSize() / inputs.partitions();
    if (beside > 0 && smallest <= (long) beside * alignment.batchSize()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "a worker has %d training samples, and a batch of the alignment needs %d more beside"
                  + " itself (alignment.outer.data, alignment.virtual-steps.batches), so more than"
                  + " %d samples: lower alignment.batch-size or run.partitions",
              smallest,
              beside,
              (long) beside * alignment.batchSize()));
    }
  }

  /**
   * Opens what scoring a trained model reads, whose adapters are merged into its encoder; the set
   * may have a test split only.
   */
  public static JobInputs openToScore(SparkSession spark, MonaConfig config) {
    JobInputs inputs = openToScore(spark, config, TargetSamples.FILES, OptionalInt.empty());
    LearnerOptions merged = inputs.options.merged();
    return new JobInputs(config, inputs.target, inputs.weights, merged, inputs.source);
  }

  private static JobInputs openToScore(
      SparkSession spark, MonaConfig config, TargetSamples samples, OptionalInt started) {
    try (Alongside<Pretrained> pretrained =
        Alongside.begin("pretrained model", () -> Pretrained.open(spark, config))) {
      return open(spark, config, samples, started, pretrained);
    }
  }

  private static JobInputs open(
      SparkSession spark,
      MonaConfig config,
      TargetSamples samples,
      OptionalInt started,
      Alongside<Pretrained> pretrained) {
    TaskConfig.DataConfig set = config.task().data();
    TargetDataSet data = samples.open(spark, config);
    TargetSplits splits =
        data.split(
            new SplitOptions(
                config.run().seed(),
                set.validationFraction(),
                set.trainSamples(),
                set.trainFraction(),
                set.testSamples()));
    PretrainedWeights weights = pretrained.join().weights();
    SourceProxy source = pretrained.join().source();
    TaskSpec task = data.taskSpec(loss(config.task().loss(), data));
    LearnerOptions options = config.learnerOptions(task);
    // refuses samples that the encoder cannot take before anything starts
    Network.of(task, config.embedder(), weights.shape());
    int partitions = partitions(spark, config, splits, started);
    // refuses a batch that cannot be drawn before anything starts
    new SourceSampler(
        source.train(),
        options.source().classes(),
        options.source().samplesPerClass(),
        options.seed());
    return new JobInputs(config, new Target(data, splits, partitions), weights, options, source);
  }

  /** The pretrained model, and the source samples in the form that it takes. */
  private record Pretrained(PretrainedWeights weights, SourceProxy source) {
    static Pretrained open(SparkSession spark, MonaConfig config) {
      BackboneConfig backbone = config.backbone();
      EncoderCheckpoint checkpoint =
          Backbones.open(backbone, spark.sparkContext().hadoopConfiguration());
      PretrainedWeights weights =
          PretrainedWeights.of(checkpoint, Backbones.shape(backbone, checkpoint.encoder()));
      return new Pretrained(weights, SourceProxy.open(spark, config, weights.shape()));
    }
  }

  private static LossOptions loss(TaskConfig.LossConfig config, TargetDataSet data) {
    LossOptions loss = config.options(data.manifest().kind());
    return config.classWeights() == TaskConfig.ClassWeights.BALANCED
        ? loss.withClassWeights(data.balancedClassWeights())
        : loss;
  }

  private static int partitions(
      SparkSession spark, MonaConfig config, TargetSplits splits, OptionalInt started) {
    int wanted = started.orElse(config.run().resources().partitions());
    int partitions = wanted == 0 ? spark.sparkContext().defaultParallelism() : wanted;
    if (splits.trainSize() > 0 && partitions > splits.trainSize()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "run.partitions is %d for %d training samples: use at most one partition a sample",
              partitions,
              splits.trainSize()));
    }
    return partitions;
  }

  public TargetSplits splits() {
    return target.splits();
  }

  public int partitions() {
    return target.partitions();
  }

  /** Shapes of the network. */
  public Network network() {
    return Network.of(options.task(), config.embedder(), weights.shape());
  }

  /**
   * Requires that there is something to score.
   *
   * @throws MonaException when a split of the data set has no samples
   */
  public void requireSamples(Split split) {
    if (splits().size(split) == 0) {
      throw MonaException.data(
          "split "
              + split.id()
              + " of "
              + config.task().data().path()
              + " has no samples: score another split");
    }
  }

  /**
   * The same inputs for a trained model whose predictions have another scale than this set's
   * labels.
   */
  public JobInputs with(TargetScale scale) {
    TaskSpec task = options.task().with(scale);
    return new JobInputs(config, target, weights, config.learnerOptions(task).merged(), source);
  }

  /** The adapters that finetuning trains in place of the encoder. */
  public Optional<LowRankAdapters> adapters() {
    return Optional.ofNullable(options.plan().finetuning().lora())
        .map(lora -> new LowRankAdapters(weights.shape().backbone().layout(), lora));
  }

  /** Parameters before the first step; of an encoder with adapters, these. */
  public Map<ParameterGroup, float[]> initial() {
    long seed = config.run().seed();
    Map<ParameterGroup, float[]> initial =
        config.method().startsPretrained()
            ? Initializer.initial(network(), config.embedder(), weights, seed)
            : Initializer.scratch(network(), config.embedder(), weights, seed);
    adapters().ifPresent(each -> initial.put(ParameterGroup.ENCODER, each.initial(seed)));
    return initial;
  }

  /** Parameters with the encoder's own weights, which adapters are merged into. */
  public Map<ParameterGroup, float[]> merged(Map<ParameterGroup, float[]> trained) {
    Map<ParameterGroup, float[]> merged = new EnumMap<>(trained);
    adapters()
        .ifPresent(
            each ->
                merged.computeIfPresent(
                    ParameterGroup.ENCODER,
                    (group, values) -> each.merged(weights.encoder(), values)));
    return merged;
  }

  /** What is broadcast. */
  public JobModel model() {
    int gap = options.stage(Stage.ALIGNMENT).batchSize();
    int discrepancy = config.evaluation().discrepancySamples();
    // empty for a set without a train split, which can be scored
    SampleBlock first = splits().first(Math.max(gap, discrepancy));
    FixedSamples fixed =
        new FixedSamples(
            config.evaluation().outerBatches(),
            first(first, gap),
            first(first, discrepancy),
            clusters());
    return new JobModel(options, config.run().resources(), weights, source, fixed);
  }

  /** Pseudo classes for an alignment by transport whose target has none, fitted by a task. */
  private @Nullable KMeans clusters() {
    TaskSpec task = options.task();
    if (!(options.plan().alignment() instanceof Alignment.Transport transport)
        || !options.plan().transports()
        || task.kind() == TaskKind.CLASSIFICATION
        || splits().trainSize() == 0) {
      return null;
    }
    int clusters = transport.clusters();
    int most = Math.max(clusters, MOST_CLUSTERED / task.labelLength());
    int width = task.labelLength();
    long seed = options.seed();
    JavaRDD<float[]> labels = splits().firstLabels(most);
    return SparkJob.described(
        labels.context(),
        "cluster labels",
        () -> labels.map(rows -> KMeans.fit(rows, width, clusters, seed)).first());
  }

  /** The first training samples, whatever the partitions. */
  private static SampleBlock first(SampleBlock of, int size) {
    return of.select(IntStream.range(0, Math.min(of.size(), size)).toArray());
  }
}
