package dev.mona.doctor;

import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkEnv;

/** Free space where Spark puts shuffle files and broadcasts, and natives are unpacked. */
final class Disks {
  private static final String SECTION = "disk";
  private static final String LOCAL_DIR = "spark.local.dir";
  private static final long LITTLE = 2L << 30;

  private Disks() {}

  static void examine(Chart chart) {
    examine(chart, directories());
  }

  /** Looks at folders, or at those in which they will be made. */
  static void examine(Chart chart, Set<String> directories) {
    for (String directory : directories) {
      File file = new File(Startup.nearest(directory));
      long free = file.getUsableSpace();
      chart.fact(SECTION, directory, Bytes.text(free) + " free");
      if (!file.canWrite()) {
        chart.problem(
            directory + " cannot be written: set spark.local.dir and java.io.tmpdir to other ones");
      } else if (free < LITTLE) {
        chart.warning(
            "%s has %s left, a round writes the states of all its workers: free some, or set spark.local.dir"
                .formatted(directory, Bytes.text(free)));
      }
    }
  }

  private static Set<String> directories() {
    SparkEnv running = SparkEnv.get();
    String configured =
        running == null ? System.getProperty(LOCAL_DIR, "") : running.conf().get(LOCAL_DIR, "");
    Set<String> directories = new LinkedHashSet<>(configured(configured));
    directories.add(System.getProperty("java.io.tmpdir"));
    return directories;
  }

  /** Where a Spark that is yet to start in this process would put its files; YARN has its own. */
  static List<String> scratch() {
    return System.getProperty("spark.master", "local").startsWith("local")
        ? configured(System.getProperty(LOCAL_DIR, ""))
        : List.of();
  }

  private static List<String> configured(String setting) {
    String wanted = System.getenv().getOrDefault("SPARK_LOCAL_DIRS", setting);
    return Arrays.stream(wanted.split(",", -1))
        .map(String::trim)
        .filter(d -> !d.isEmpty())
        .toList();
  }
}
