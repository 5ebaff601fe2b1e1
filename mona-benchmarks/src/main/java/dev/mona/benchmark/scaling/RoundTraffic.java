package dev.mona.benchmark.scaling;

import dev.mona.gauges.MonaPlugin;
import dev.mona.learner.IdleLearner;
import dev.mona.learner.Stage;
import dev.mona.learner.TrainingState;
import dev.mona.rounds.AveragingOptions;
import dev.mona.rounds.PlainSession;
import dev.mona.rounds.StageSchedule;
import dev.mona.rounds.Transport;
import dev.mona.rounds.Workload;
import dev.mona.spark.PlainBytes;
import dev.mona.task.SampleBlock;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures rounds of averaging with nothing to compute, every worker a JVM of its own, and prints a
 * row of the table in docs/scaling.md for each.
 *
 * <p>System properties: {@code workers}, {@code floats} (size of the state), {@code transport},
 * {@code rounds} (of an epoch, default 5, after one that warms up), {@code executorMemory} in MiB.
 */
public final class RoundTraffic {
  private static final double MEGABYTE = 1e6;

  private RoundTraffic() {}

  public static void main(String[] arguments) {
    int workers = Integer.getInteger("workers");
    int floats = Integer.getInteger("floats");
    int rounds = Integer.getInteger("rounds", 5);
    Transport transport =
        Transport.valueOf(System.getProperty("transport", "shuffle").toUpperCase(Locale.ROOT));
    print(System.out, workers, floats, transport, measure(workers, floats, rounds, transport));
  }

  /**
   * The rounds of an epoch, after one that warms up.
   *
   * @param seconds from start to the averaged state on the driver
   */
  private record Rounds(
      List<Double> seconds, Sockets driver, long written, long fetched, long results) {}

  private static Rounds measure(int workers, int floats, int rounds, Transport transport) {
    int memory = Integer.getInteger("executorMemory", 1000);
    SparkConf conf =
        PlainBytes.in(new SparkConf())
            .setMaster(String.format(Locale.ROOT, "local-cluster[%d,1,%d]", workers, memory))
            .set("spark.executor.memory", memory + "m")
            .setAppName("round traffic")
            .set("spark.ui.enabled", "false")
            .set("spark.plugins", MonaPlugin.class.getName())
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
      StageSchedule schedule = new StageSchedule(Stage.FINETUNING, 2, rounds, 1, 1);
      JavaRDD<SampleBlock> blocks = spark.parallelize(blocks(workers, rounds), workers);
      Workload workload =
          new Workload(
              new AveragingOptions(
                  workers, 1, AveragingOptions.DEFAULT_CHUNK_SIZE, transport, false),
              IdleLearner::new,
              blocks,
              blocks);
      Sockets before =
          new PlainSession(spark)
              .run(
                  workload,
                  rounded -> {
                    TrainingState state = rounded.initialState(Stage.FINETUNING, noise(floats));
                    state = rounded.run(schedule.round(0, 0), state).state();
                    settle();
                    tasks.reset();
                    Sockets start = Sockets.now();
                    rounded.run(
                        schedule.round(1, 0),
                        state,
                        (round, outcome) -> seconds.add(outcome.seconds()));
                    return start;
                  });
      settle();
      return new Rounds(
          seconds,
          Sockets.now().since(before),
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

  private static List<SampleBlock> blocks(int workers, int samples) {
    List<SampleBlock> blocks = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      long[] ids = LongStream.range((long) w * samples, (w + 1L) * samples).toArray();
      blocks.add(new SampleBlock(ids, new float[samples], new float[samples]));
    }
    return blocks;
  }

  private static void print(
      PrintStream out, int workers, int floats, Transport transport, Rounds rounds) {
    List<Double> sorted = rounds.seconds().stream().sorted().toList();
    int n = sorted.size();
    double state = 4.0 * floats;
    out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f M | %.0f | %.2f (%.2f-%.2f) | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
        transport.id(),
        workers,
        floats / MEGABYTE,
        state / MEGABYTE,
        sorted.get(n / 2),
        sorted.get(0),
        sorted.get(n - 1),
        (rounds.driver().sent() + rounds.driver().received()) / state,
        rounds.driver().sent() / state / n,
        rounds.driver().received() / state / n,
        rounds.results() / state / n,
        rounds.written() / state / n / workers,
        rounds.fetched() / state / n / workers);
  }
}
