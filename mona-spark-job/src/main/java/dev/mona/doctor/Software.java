package dev.mona.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.hadoop.util.VersionInfo;

/** Versions of what runs here. */
final class Software {
  private static final String SECTION = "software";
  private static final String POM = "/META-INF/maven/dev.mona/mona-spark-job/pom.properties";
  private static final int JAVA = 17;

  private Software() {}

  static void examine(Chart chart) {
    chart.fact(SECTION, "mona", version());
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
    int feature = Runtime.version().feature();
    if (feature != JAVA) {
      chart.warning("Java is " + feature + " and was tested with 17 only: run with a JDK 17");
    }
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

  /** The version that Maven wrote into the jar; classes outside a jar have none. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Software.class.getResourceAsStream(POM)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unreadable (" + e.getMessage() + ")";
    }
    return properties.getProperty("version", "development");
  }
}
