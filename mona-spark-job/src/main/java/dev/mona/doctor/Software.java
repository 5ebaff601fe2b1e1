package dev.mona.doctor;

import dev.mona.storage.Version;
import org.apache.hadoop.util.VersionInfo;

/** Versions of what runs here. */
final class Software {
  private static final String SECTION = "software";

  private Software() {}

  static void examine(Chart chart) {
    chart.fact(SECTION, "mona", Version.current());
    chart.fact(
        SECTION,
        "java",
        System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")");
    chart.fact(
        SECTION,
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    chart.fact(SECTION, "spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    chart.fact(SECTION, "hadoop", VersionInfo.getVersion());
    if (!"Linux".equals(System.getProperty("os.name"))
        || !"amd64".equals(System.getProperty("os.arch"))) {
      chart.problem(
          "the natives are built for Linux on x86-64 and this is "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + ": run on such a machine");
    }
  }
}
