package dev.mona.doctor;

import dev.mona.device.DeviceRequest;
import dev.mona.spark.SparkJob;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/** Examines every executor, by tasks. */
public final class ExecutorDoctor {
  private static final long LONGEST_WAIT = 60_000;
  private static final long PAUSE = 200;

  private ExecutorDoctor() {}

  /**
   * A diagnosis for each executor, by its id. Waits up to a minute for {@code
   * spark.executor.instances} executors.
   *
   * @param request what a run would compute on
   */
  public static List<Diagnosis> examine(JavaSparkContext spark, DeviceRequest request) {
    int expected = spark.getConf().getInt("spark.executor.instances", 1);
    int registered = await(spark, expected);
    // as many tasks as run at once, so that none of the executors is left out
    int tasks = Math.max(spark.defaultParallelism(), registered);
    TreeMap<String, Diagnosis> found = new TreeMap<>();
    SparkJob.described(
            spark,
            "examine executors",
            () ->
                spark
                    .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
                    .map(new Examination(request))
                    .collect())
        .forEach(diagnosis -> found.put(diagnosis.process(), diagnosis));
    List<Diagnosis> all = new ArrayList<>(found.values());
    if (found.size() < expected) {
      Chart chart = new Chart();
      chart.warning(
          String.format(
              Locale.ROOT,
              "%d of %d executors answered: the cluster may lack resources for the rest, see its own pages",
              found.size(),
              expected));
      all.add(chart.diagnosis("executors"));
    }
    return all;
  }

  /** Executors there are, the driver not counted where it runs no tasks. */
  private static int await(JavaSparkContext spark, int expected) {
    boolean local = spark.sc().isLocal();
    long end = System.currentTimeMillis() + (local ? 0 : LONGEST_WAIT);
    while (true) {
      int registered = spark.sc().statusTracker().getExecutorInfos().length - (local ? 0 : 1);
      if (registered >= expected || System.currentTimeMillis() >= end) {
        return registered;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return registered;
      }
    }
  }

  /** Examines the JVM that it runs in, once however many tasks come. */
  private record Examination(DeviceRequest request) implements Function<Integer, Diagnosis> {
    private static @Nullable Diagnosis done;
    private static String application = "";

    @Override
    public Diagnosis call(Integer task) throws Exception {
      synchronized (Examination.class) {
        SparkEnv here = SparkEnv.get();
        Diagnosis diagnosis = done;
        if (diagnosis == null || !application.equals(here.conf().getAppId())) {
          diagnosis =
              Doctor.examine(
                  "executor "
                      + here.executorId()
                      + " on "
                      + InetAddress.getLocalHost().getHostName(),
                  request);
          done = diagnosis;
          application = here.conf().getAppId();
        }
        return diagnosis;
      }
    }
  }
}
