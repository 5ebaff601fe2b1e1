package dev.mona.training;

import dev.mona.example.Disturbance;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.example.PrometheusPage;
import dev.mona.learner.RoundWork;
import dev.mona.learner.Stage;
import dev.mona.rounds.Transport;
import dev.mona.rounds.Workers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.deploy.worker.Worker$;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Option;

/** The small job in a JVM of its own with two executors in theirs, to which something happens. */
final class ClusterProcess {
  static final String FACTS = "facts.txt";
  static final String GAUGES = "gauges.txt";

  /** What happens to the executors. */
  enum Event {
    /** Partition 1's first attempt takes its executor with it, in the first round of two stages. */
    EXECUTOR_DIES,
    /**
     * The executor of partition 1's first attempt is told to leave, in the first round of two
     * stages: it ends that task, hands its blocks over and goes.
     */
    EXECUTOR_LEAVES,
    /** Nothing. */
    NONE,
    /** Partition 0's first attempt is slow there; the second one starts on the other host. */
    TASKS_RUN_TWICE,
    /** One executor at first, a second one when tasks have to wait. */
    EXECUTORS_FOLLOW_THE_LOAD;

    private Map<String, String> settings() {
      return switch (this) {
        case NONE, EXECUTOR_DIES -> Map.of();
        case EXECUTOR_LEAVES ->
            Map.of(
                "spark.decommission.enabled", "true",
                "spark.storage.decommission.enabled", "true",
                "spark.storage.decommission.rddBlocks.enabled", "true",
                "spark.storage.decommission.shuffleBlocks.enabled", "true");
        case TASKS_RUN_TWICE ->
            Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.1",
                "spark.locality.wait", "0");
        case EXECUTORS_FOLLOW_THE_LOAD ->
            Map.of(
                "spark.dynamicAllocation.enabled", "true",
                "spark.dynamicAllocation.shuffleTracking.enabled", "true",
                "spark.dynamicAllocation.initialExecutors", "1",
                "spark.dynamicAllocation.maxExecutors", "2",
                "spark.dynamicAllocation.schedulerBacklogTimeout", "1s",
                "spark.executor.cores", "1");
      };
    }

    private Disturbance disturbance(String marks) {
      return switch (this) {
        case NONE -> Disturbance.NONE;
        case EXECUTOR_DIES ->
            work -> {
              // a job that begins anew is another one to Spark
              if (firstAttempt(work, 1) && isFirst(marks, work.stage())) {
                Runtime.getRuntime().halt(137);
              }
            };
        case EXECUTOR_LEAVES ->
            work -> {
              if (firstAttempt(work, 1)) {
                leave();
              }
            };
        case TASKS_RUN_TWICE ->
            work -> {
              if (firstAttempt(work, 0)) {
                pause(5000);
              }
            };
        // the first round lets a task wait for longer than Spark's backlog may last
        case EXECUTORS_FOLLOW_THE_LOAD -> work -> pause(firstAttempt(work, 0) ? 4000 : 300);
      };
    }

    /** Leaves a mark beside a directory. */
    private static boolean isFirst(String beside, Stage stage) {
      return new File(beside + "." + stage).mkdir();
    }

    /** The signal that a node which is drained sends to its executors. */
    private static void leave() {
      long pid = ProcessHandle.current().pid();
      try {
        new ProcessBuilder("kill", "-PWR", String.valueOf(pid)).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static boolean firstAttempt(RoundWork work, int partition) {
      return work.partition() == partition
          && work.epoch() == 0
          && work.steps().first() == 0
          && work.stage() != Stage.ALIGNMENT
          && TaskContext.get().stageAttemptNumber() == 0
          && TaskContext.get().attemptNumber() == 0;
    }
  }

  private ClusterProcess() {}

  /** Arguments: an event, the output directory, how workers are averaged. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Event event = Event.valueOf(arguments[0]);
    Path output = Path.of(arguments[1]);
    Transport transport = Transport.valueOf(arguments[2]);
    SparkConf conf = LocalSpark.observed(twoHosts(output.resolveSibling("work").toString()));
    JavaProcess.executorSettings().forEach(conf::set);
    event.settings().forEach(conf::set);
    conf.set("spark.executor.memory", "512m");
    Facts facts = new Facts();
    String gauges;
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      spark.sc().addSparkListener(facts);
      SmallTraining.run(spark, output, event.disturbance(output.toString()), transport);
      facts.awaitTwoExecutors();
      if (event == Event.EXECUTOR_DIES) {
        reportFromBoth(spark);
      }
      gauges = PrometheusPage.of(spark.sc().uiWebUrl().get()).gauges().toString();
    } // stopping drains the listener bus
    Files.writeString(output.resolve(FACTS), facts.toString());
    Files.writeString(output.resolve(GAUGES), gauges);
    Runtime.getRuntime().halt(0); // master and workers never end
  }

  /** A standalone master with a worker of one core on each of two loopback addresses. */
  private static String twoHosts(String directory) {
    SparkConf conf = new SparkConf();
    RpcEnv master = Master$.MODULE$.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1();
    String address = master.address().toSparkURL();
    for (int host = 1; host <= 2; host++) {
      Worker$.MODULE$.startRpcEnvAndEndpoint(
          "127.0.0." + host,
          0,
          0,
          1,
          1024,
          new String[] {address},
          directory,
          Option.apply(host),
          conf,
          Option.empty());
    }
    return address;
  }

  /**
   * Executors report when a task ends, and the one that started last may have had none. Each has
   * one core, so that two tasks which last run on both.
   */
  private static void reportFromBoth(JavaSparkContext spark) {
    spark.parallelize(List.of(0, 1), 2).foreach(part -> pause(5000));
    pause(1000); // a report is sent without an answer
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Process start(Event event, Transport transport, Path output, Path home)
      throws IOException {
    return JavaProcess.start(
        home,
        List.of(),
        ClusterProcess.class.getName(),
        List.of(event.name(), output.toString(), transport.name()));
  }

  /** What Spark told of executors and tasks. */
  private static final class Facts extends SparkListener {
    private final AtomicInteger added = new AtomicInteger();

    /** Spark tells of one that leaves twice: when it goes, and when the master says so. */
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    private final AtomicInteger speculative = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** Jobs whose workers stay for several rounds. */
    private final AtomicInteger inPlace = new AtomicInteger();

    /** The job can end before the executor that takes a lost one's place has started. */
    private void awaitTwoExecutors() {
      for (int tries = 0; tries < 300 && added.get() - removed.size() != 2; tries++) {
        pause(100);
      }
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
      added.incrementAndGet();
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      removed.add(event.executorId());
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      String round = start.properties().getProperty(Workers.ROUND_PROPERTY, "");
      if (round.endsWith("in place")) {
        inPlace.incrementAndGet();
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskInfo().speculative() && end.taskInfo().successful()) {
        speculative.incrementAndGet();
      }
      if (end.taskInfo().killed()) {
        killed.incrementAndGet();
      }
      if (end.taskInfo().failed()) {
        failed.incrementAndGet();
      }
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "added=%s removed=%s speculative=%s killed=%s failed=%s in_place=%s",
          added,
          removed.size(),
          speculative,
          killed,
          failed,
          inPlace);
    }
  }
}
