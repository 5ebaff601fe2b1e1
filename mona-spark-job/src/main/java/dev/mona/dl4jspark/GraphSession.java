package dev.mona.dl4jspark;

import dev.mona.rounds.Program;
import dev.mona.rounds.Session;
import dev.mona.rounds.Workload;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** Workers by way of DL4J: the program runs within {@code fitMultiDataSet} of a graph. */
public final class GraphSession implements Session {
  private final JavaSparkContext spark;
  private final ComputationGraph network;

  /**
   * A session of a graph.
   *
   * @param network the model as a DL4J graph; lends itself to the interface and is not changed
   */
  public GraphSession(JavaSparkContext spark, ComputationGraph network) {
    this.spark = spark;
    this.network = network;
  }

  @Override
  public <T> T run(Workload workload, Program<T> program) {
    MonaTrainingMaster<T> master =
        new MonaTrainingMaster<>(
            workload.options(), workload.learners(), workload.validation(), program);
    new SparkComputationGraph(spark, network, master)
        .fitMultiDataSet(BlockDataSet.pack(workload.training()));
    return master.result();
  }
}
