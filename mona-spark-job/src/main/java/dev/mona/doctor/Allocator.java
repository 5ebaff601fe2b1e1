package dev.mona.doctor;

import java.util.Map;

/** How the C library takes and gives back the memory of arrays outside the heap. */
final class Allocator {
  private static final String SECTION = "memory";
  private static final String TUNABLES = "GLIBC_TUNABLES";
  private static final String THRESHOLD = "MALLOC_MMAP_THRESHOLD_";

  private Allocator() {}

  static void examine(Chart chart, Map<String, String> environment) {
    chart.fact(SECTION, TUNABLES, environment.getOrDefault(TUNABLES, "unset"));
    chart.fact(SECTION, THRESHOLD, environment.getOrDefault(THRESHOLD, "unset"));
    boolean tuned = environment.getOrDefault(TUNABLES, "").contains("malloc.mmap_threshold");
    if (!environment.containsKey(THRESHOLD) && !tuned) {
      chart.warning(
          THRESHOLD
              + " is unset, so that the C library keeps the memory of freed arrays and the process"
              + " grows: set it to 1048576, on executors with spark.executorEnv."
              + THRESHOLD
              + "=1048576");
    }
  }
}
