package dev.mona.averaging;

import dev.mona.learner.LearnerFactory;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.Collection;
import java.util.Locale;
import java.util.UUID;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.BaseTrainingMaster;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Parameter averaging as a DL4J training master. One call of {@link
 * SparkComputationGraph#fitMultiDataSet(JavaRDD)} is one job: the data sets (one a partition, made
 * by {@link BlockDataSet}) are unpacked and cached once, then a {@link TrainingProgram} runs all
 * rounds of all stages over them. The graph lends its Spark context and is told the score; its
 * parameters are not touched.
 */
public final class MonaTrainingMaster
    extends BaseTrainingMaster<MonaTrainingResult, MonaTrainingWorker> {

  /** The round in hand; DL4J's interface has no place for it in its arguments. */
  private record Current(Round round, Broadcast<TrainingState> state) {}

  private final String job = UUID.randomUUID().toString();
  private final AveragingOptions options;
  private final LearnerFactory learners;
  private final JavaRDD<SampleBlock> validation;
  private final TrainingProgram program;
  private @Nullable Current current;

  /**
   * A master for one job.
   *
   * @param learners makes the learners on the executors
   * @param validation validation samples, any number of blocks in each partition
   * @param program the rounds to run
   */
  public MonaTrainingMaster(
      AveragingOptions options,
      LearnerFactory learners,
      JavaRDD<SampleBlock> validation,
      TrainingProgram program) {
    this.options = options;
    this.learners = learners;
    this.validation = validation;
    this.program = program;
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    if (data.getNumPartitions() != options.partitions()) {
      throw new IllegalArgumentException(
          "got "
              + data.getNumPartitions()
              + " partitions of training data for "
              + options.partitions()
              + " workers");
    }
    JavaSparkContext spark = graph.getSparkContext();
    JavaRDD<SampleBlock> blocks =
        data.map(BlockDataSet::unpack).persist(StorageLevel.MEMORY_AND_DISK());
    boolean cached = validation.getStorageLevel().isValid();
    if (!cached) {
      validation.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      program.run(new SparkWorkers(this, graph, blocks, validation));
    } finally {
      blocks.unpersist(false);
      if (!cached) {
        validation.unpersist(false);
      }
      ReleaseLearners.everywhere(spark, job);
    }
  }

  /** The executor side of a round that starts from the given state. */
  MonaTrainingWorker worker(
      SparkComputationGraph graph, Round round, Broadcast<TrainingState> state) {
    current = new Current(round, state);
    try {
      return getWorkerInstance(graph);
    } finally {
      current = null;
    }
  }

  @Override
  public MonaTrainingWorker getWorkerInstance(SparkComputationGraph graph) {
    Current now = current;
    if (now == null) {
      throw new IllegalStateException("a worker exists within a round only");
    }
    return new MonaTrainingWorker(job, learners, now.round(), now.state());
  }

  String job() {
    return job;
  }

  AveragingOptions options() {
    return options;
  }

  LearnerFactory learners() {
    return learners;
  }

  @Override
  public String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"partitions\":%d,\"frequency\":%d,\"chunkSize\":%d}",
        options.partitions(),
        options.frequency(),
        options.chunkSize());
  }

  /** JSON is YAML. */
  @Override
  public String toYaml() {
    return toJson();
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw unsupported("DL4J training statistics");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public @Nullable SparkTrainingStats getTrainingStats() {
    return null;
  }

  /** Listeners of DL4J networks have nothing to listen to; none are kept. */
  @Override
  public void setListeners(Collection<TrainingListener> unused) {}

  @Override
  public void setListeners(StatsStorageRouter router, Collection<TrainingListener> unused) {}

  @Override
  public void addHook(TrainingHook hook) {
    throw unsupported("a training hook");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw unsupported("a training hook");
  }

  @Override
  public MonaTrainingWorker getWorkerInstance(SparkDl4jMultiLayer network) {
    throw unsupported("a MultiLayerNetwork");
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw unsupported("a MultiLayerNetwork");
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
    throw unsupported("a DataSet of single samples");
  }

  @Override
  public void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> paths,
      DataSetLoader loader,
      MultiDataSetLoader multiLoader) {
    throw unsupported("training from files of DL4J data sets");
  }

  static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(
        "MoNA's training master does not take "
            + what
            + ": call fitMultiDataSet with one data set a partition, made by BlockDataSet");
  }
}
