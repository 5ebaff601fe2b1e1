package dev.mona.benchmark.scaling;

import dev.mona.averaging.AveragingOptions;
import dev.mona.averaging.BlockDataSet;
import dev.mona.averaging.MonaTrainingMaster;
import dev.mona.averaging.Round;
import dev.mona.averaging.RoundOutcome;
import dev.mona.averaging.TrainingProgram;
import dev.mona.learner.IdleLearner;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.task.SampleBlock;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/**
 * Measures rounds of averaging with nothing to compute, every worker a JVM of its own, and prints a
 * row of the table in docs/scaling.md for each.
 *
 * <p>System properties: {@code workers}, {@code floats} (size of the state), {@code rounds}
 * (default 5, after one that warms up), {@code executorMemory} in MiB.
 */
public final class RoundTraffic {
  private static final double MEGABYTE = 1e6;

  private RoundTraffic() {}

  public static void main(String[] arguments) {
    int workers = Integer.getInteger("workers");
    int floats = Integer.getInteger("floats");
    int rounds = Integer.getInteger("rounds", 5);
    print(System.out, workers, floats, measure(workers, floats, rounds));
  }

  /**
   * Rounds after the first.
   *
   * @param seconds from start to the averaged state on the driver
   */
  private record Rounds(
      List<Double> seconds, Sockets driver, long written, long fetched, long results) {}

  private static Rounds measure(int workers, int floats, int rounds) {
    int memory = Integer.getInteger("executorMemory", 1000);
    SparkConf conf =
        new SparkConf()
            .setMaster(String.format(Locale.ROOT, "local-cluster[%d,1,%d]", workers, memory))
            .set("spark.executor.memory", memory + "m")
            .setAppName("round traffic")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.maxResultSize", "4g")
            .set("spark.rpc.message.maxSize", "512")
            .set("spark.locality.wait", "60s")
            .set("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", System.getProperty("executorOptions", ""));
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      TaskBytes tasks = new TaskBytes();
      spark.sc().addSparkListener(tasks);
      List<Double> seconds = new ArrayList<>();
      Sockets[] before = new Sockets[1];
      TrainingProgram program =
          rounded -> {
            TrainingState state = rounded.initialState(Stage.FINETUNING, noise(floats));
            for (int r = 0; r <= rounds; r++) {
              RoundOutcome outcome =
                  rounded.run(new Round(Stage.FINETUNING, r, rounds + 1, 0, 1, 0, 1, 1, 1), state);
              state = outcome.state();
              if (r == 0) {
                settle();
                tasks.reset();
                before[0] = Sockets.now();
              } else {
                seconds.add(outcome.seconds());
              }
            }
          };
      JavaRDD<SampleBlock> blocks = spark.parallelize(blocks(workers), workers);
      MonaTrainingMaster master =
          new MonaTrainingMaster(
              new AveragingOptions(workers, 1, AveragingOptions.DEFAULT_CHUNK_SIZE),
              IdleLearner::new,
              blocks,
              program);
      new SparkComputationGraph(spark, graph(), master).fitMultiDataSet(BlockDataSet.pack(blocks));
      settle();
      return new Rounds(
          seconds,
          Sockets.now().since(before[0]),
          tasks.shuffleWritten.get(),
          tasks.shuffleFetched.get(),
          tasks.results.get());
    }
  }

  /** Spark's listeners run behind. */
  private static void settle() {
    try {
      Thread.sleep(1500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Values that do not compress, as those of a model do not. */
  private static float[] noise(int floats) {
    Random random = new Random(floats);
    float[] values = new float[floats];
    for (int i = 0; i < floats; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static List<SampleBlock> blocks(int workers) {
    List<SampleBlock> blocks = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      blocks.add(new SampleBlock(new long[] {w}, new float[] {w}, new float[] {0}));
    }
    return blocks;
  }

  /** DL4J wants a graph; the averaging takes only its Spark context. */
  private static ComputationGraph graph() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("y", new OutputLayer.Builder().nIn(1).nOut(2).build(), "x")
                .setOutputs("y")
                .build());
    graph.init();
    return graph;
  }

  private static void print(PrintStream out, int workers, int floats, Rounds rounds) {
    List<Double> sorted = rounds.seconds().stream().sorted().toList();
    int n = sorted.size();
    double state = 4.0 * floats;
    out.printf(
        Locale.ROOT,
        "| %d | %.0f M | %.0f | %.2f (%.2f-%.2f) | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
        workers,
        floats / MEGABYTE,
        state / MEGABYTE,
        sorted.get(n / 2),
        sorted.get(0),
        sorted.get(n - 1),
        rounds.driver().sent() / state / n,
        rounds.driver().received() / state / n,
        rounds.results() / state / n,
        rounds.written() / state / n / workers,
        rounds.fetched() / state / n / workers);
  }
}
