package dev.mona.dl4jspark;

import dev.mona.learner.LearnerFactory;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.Program;
import dev.mona.rounds.Workload;
import dev.mona.task.SampleBlock;
import java.util.Collection;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.BaseTrainingMaster;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Parameter averaging as a DL4J training master. One call of {@link
 * SparkComputationGraph#fitMultiDataSet(JavaRDD)} is one job: the data sets (one a partition, as
 * many for each worker, made by {@link BlockDataSet}) are unpacked, then a {@link Program} runs all
 * rounds of all stages over them. The graph lends its Spark context and is told the score; its
 * parameters are not touched.
 *
 * <p>DL4J's interface also has workers, which it never asks for: training by minibatch is theirs,
 * and here a worker's unit is its whole partition.
 *
 * @param <T> what the program comes to
 */
public final class MonaTrainingMaster<T>
    extends BaseTrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
  private final AveragingOptions options;
  private final LearnerFactory learners;
  private final JavaRDD<SampleBlock> validation;
  private final Program<T> program;
  private @Nullable T result;

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
      Program<T> program) {
    this.options = options;
    this.learners = learners;
    this.validation = validation;
    this.program = program;
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
    Workload workload = new Workload(options, learners, data.map(BlockDataSet::unpack), validation);
    result =
        new PlainSession(graph.getSparkContext())
            .run(workload, workers -> program.run(new GraphWorkers(workers, graph)));
  }

  /**
   * What the program returned.
   *
   * @throws IllegalStateException if it has not been run to its end
   */
  public T result() {
    if (result == null) {
      throw new IllegalStateException("the program was not run: call fitMultiDataSet first");
    }
    return result;
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
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw unsupported("a worker for minibatches");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
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

  private static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(
        "MoNA's training master does not take "
            + what
            + ": call fitMultiDataSet with one data set a partition, made by BlockDataSet");
  }
}
