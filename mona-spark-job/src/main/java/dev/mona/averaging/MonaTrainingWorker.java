package dev.mona.averaging;

import dev.mona.gauges.JvmMetrics;
import dev.mona.learner.LearnerFactory;
import dev.mona.learner.RoundResult;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.paramavg.BaseTrainingWorker;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The executor side of one round. Interface methods that belong to training by minibatch on a DL4J
 * network are refused: here a worker's unit is its whole partition.
 */
public final class MonaTrainingWorker extends BaseTrainingWorker<MonaTrainingResult> {
  private static final long serialVersionUID = 1L;

  private final String job;
  private final LearnerFactory learners;
  private final Round round;
  private final Broadcast<TrainingState> state;

  MonaTrainingWorker(
      String job, LearnerFactory learners, Round round, Broadcast<TrainingState> state) {
    this.job = job;
    this.learners = learners;
    this.round = round;
    this.state = state;
  }

  /** The state that the round starts from. */
  TrainingState state() {
    return state.value();
  }

  /**
   * Runs the round's local steps on the samples of a partition. A partition that has run out of
   * samples gives back the state it was given.
   *
   * @param step called after every local step
   * @throws IllegalStateException if the learner took another number of steps than the round asks
   */
  MonaTrainingResult run(int partition, SampleBlock block, Runnable step) {
    TrainingState start = state.value();
    int steps = round.stepsOf(block.size());
    if (steps == 0) {
      return new MonaTrainingResult(new RoundResult(partition, 0, start, Map.of(), Map.of()), 0);
    }
    long began = System.nanoTime();
    RoundResult result =
        LearnerPool.of(job, learners)
            .use(learner -> learner.run(round.work(partition), start, block, step));
    if (result.examples() < 1 || result.state().iteration() != start.iteration() + steps) {
      throw new IllegalStateException(
          "partition "
              + partition
              + " saw "
              + result.examples()
              + " examples and went from iteration "
              + start.iteration()
              + " to "
              + result.state().iteration()
              + " in a round of "
              + steps
              + " steps");
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    JvmMetrics.work().trained(result.examples(), seconds);
    return new MonaTrainingResult(result, seconds);
  }

  @Override
  public MonaTrainingResult processMinibatch(
      MultiDataSet block, ComputationGraph network, boolean isLast) {
    return run(TaskContext.getPartitionId(), BlockDataSet.unpack(block), () -> {});
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> processMinibatchWithStats(
      MultiDataSet block, ComputationGraph network, boolean isLast) {
    throw MonaTrainingMaster.unsupported("DL4J training statistics");
  }

  /** There is no DL4J network on the workers: the learner holds the model. */
  @Override
  public @Nullable ComputationGraph getInitialModelGraph() {
    return null;
  }

  @Override
  public MonaTrainingResult getFinalResultNoData() {
    throw MonaTrainingMaster.unsupported("a partition without a block");
  }

  @Override
  public WorkerConfiguration getDataConfiguration() {
    return new WorkerConfiguration(true, 1, 1, 1, 0, false);
  }

  @Override
  public long getInstanceId() {
    return 0;
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw MonaTrainingMaster.unsupported("a training hook");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw MonaTrainingMaster.unsupported("a training hook");
  }

  @Override
  public MultiLayerNetwork getInitialModel() {
    throw MonaTrainingMaster.unsupported("a MultiLayerNetwork");
  }

  @Override
  public MonaTrainingResult processMinibatch(
      DataSet batch, MultiLayerNetwork network, boolean isLast) {
    throw MonaTrainingMaster.unsupported("a MultiLayerNetwork");
  }

  @Override
  public MonaTrainingResult processMinibatch(
      DataSet batch, ComputationGraph network, boolean isLast) {
    throw MonaTrainingMaster.unsupported("a DataSet of single samples");
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet batch, MultiLayerNetwork network, boolean isLast) {
    throw MonaTrainingMaster.unsupported("a MultiLayerNetwork");
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet batch, ComputationGraph network, boolean isLast) {
    throw MonaTrainingMaster.unsupported("a DataSet of single samples");
  }

  @Override
  public MonaTrainingResult getFinalResult(MultiLayerNetwork network) {
    throw MonaTrainingMaster.unsupported("a MultiLayerNetwork");
  }

  @Override
  public MonaTrainingResult getFinalResult(ComputationGraph network) {
    throw MonaTrainingMaster.unsupported("training by minibatch");
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> getFinalResultNoDataWithStats() {
    throw MonaTrainingMaster.unsupported("DL4J training statistics");
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> getFinalResultWithStats(
      MultiLayerNetwork network) {
    throw MonaTrainingMaster.unsupported("a MultiLayerNetwork");
  }

  @Override
  public Pair<MonaTrainingResult, SparkTrainingStats> getFinalResultWithStats(
      ComputationGraph network) {
    throw MonaTrainingMaster.unsupported("DL4J training statistics");
  }
}
