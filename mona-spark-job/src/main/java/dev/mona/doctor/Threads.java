package dev.mona.doctor;

import java.util.Locale;
import java.util.Map;

/** Native threads and how they wait. */
final class Threads {
  private static final String SECTION = "threads";

  private Threads() {}

  static void examine(Chart chart, Map<String, String> environment) {
    int cores = Runtime.getRuntime().availableProcessors();
    String threads = environment.getOrDefault("OMP_NUM_THREADS", "unset");
    String policy = environment.getOrDefault("OMP_WAIT_POLICY", "unset");
    chart.fact(SECTION, "cores", String.valueOf(cores));
    chart.fact(SECTION, "OMP_NUM_THREADS", threads);
    chart.fact(SECTION, "OMP_WAIT_POLICY", policy);
    if (!policy.toLowerCase(Locale.ROOT).equals("passive")) {
      chart.warning(
          "OMP_WAIT_POLICY is "
              + policy
              + ", so that waiting threads spin and take cores from those that work: set it to"
              + " PASSIVE, on executors with spark.executorEnv.OMP_WAIT_POLICY=PASSIVE");
    }
    if (threads.equals("unset")) {
      chart.warning(
          "OMP_NUM_THREADS is unset, so that every task uses all "
              + cores
              + " cores: set it to the cores of an executor over its tasks at once, on executors"
              + " with spark.executorEnv.OMP_NUM_THREADS");
    }
  }
}
