package dev.mona.example;

import dev.mona.task.SampleBlock;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Spark contexts, and the small job's model as a DL4J graph. */
public final class LocalSpark {
  private LocalSpark() {}

  public static JavaSparkContext start(String master) {
    return new JavaSparkContext(conf(master));
  }

  public static SparkConf conf(String master) {
    return new SparkConf()
        .setMaster(master)
        .setAppName("test")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1");
  }

  /** The same as options of a JVM of its own. */
  public static List<String> options(String master) {
    return Stream.of(conf(master).getAll())
        .map(setting -> "-D" + setting._1() + "=" + setting._2())
        .toList();
  }

  /**
   * For queries over a few rows, which are interpreted: to compile one costs more than to run it.
   */
  public static SparkSession session(String master) {
    return session(conf(master));
  }

  /** The same with a setting of Spark. */
  public static SparkSession session(String master, String key, String value) {
    return session(conf(master).set(key, value));
  }

  private static SparkSession session(SparkConf conf) {
    return SparkSession.builder()
        .config(conf)
        .config("spark.sql.codegen.wholeStage", false)
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate();
  }

  /** With the gauges, and a UI on a free port that shows them. */
  public static SparkConf observed(String master) {
    return conf(master)
        .set("spark.ui.enabled", "true")
        .set("spark.ui.port", "0")
        .set("spark.plugins", "dev.mona.gauges.MonaPlugin")
        .set("spark.metrics.conf", "../conf/metrics.properties");
  }

  /** Each block a partition of its own. */
  public static JavaRDD<SampleBlock> partitions(JavaSparkContext spark, List<SampleBlock> blocks) {
    return spark.parallelize(blocks, blocks.size());
  }

  /**
   * Linear embedder, then softmax regression: {@link SmallLearner} with theta = 1. Trained with
   * plain SGD at the given rate.
   */
  public static ComputationGraph graph(double rate) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .updater(new Sgd(rate))
            .graphBuilder()
            .addInputs("x")
            .addLayer(
                "embedder",
                new DenseLayer.Builder()
                    .nIn(SmallJob.FEATURES)
                    .nOut(SmallJob.HIDDEN)
                    .activation(Activation.IDENTITY)
                    .hasBias(false)
                    .build(),
                "x")
            .addLayer(
                "head",
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                    .nIn(SmallJob.HIDDEN)
                    .nOut(SmallJob.OUTPUTS)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "embedder")
            .setOutputs("head")
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }
}
