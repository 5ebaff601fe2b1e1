package dev.mona.training;

import dev.mona.example.Disturbance;
import dev.mona.example.LocalSpark;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The small job in a JVM of its own, which can be killed. */
final class TrainingProcess {
  private TrainingProcess() {}

  /** Arguments: Spark master, output directory, longest pause of a round in milliseconds. */
  public static void main(String[] arguments) {
    SparkConf conf =
        LocalSpark.conf(arguments[0])
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", String.join(" ", jvmOptions()));
    int pause = Integer.parseInt(arguments[2]);
    Disturbance disturbance = pause == 0 ? Disturbance.NONE : Disturbance.sleeping(pause, 1);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      SmallTraining.run(spark, Path.of(arguments[1]), false, disturbance);
    }
  }

  /**
   * Starts a process.
   *
   * @param home an empty directory that serves as SPARK_HOME for executors in JVMs of their own
   */
  static Process start(String master, Path output, int pause, Path home) throws IOException {
    Files.createDirectories(home.resolve("jars"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(jvmOptions());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(TrainingProcess.class.getName());
    command.add(master);
    command.add(output.toString());
    command.add(Integer.toString(pause));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    File log = home.resolve("log.txt").toFile();
    return builder.redirectErrorStream(true).redirectOutput(log).start();
  }

  /** What this JVM was started with, short of its heap, and a quick start. */
  private static List<String> jvmOptions() {
    Stream<String> inherited =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(
                option ->
                    option.startsWith("--add-opens")
                        || option.startsWith("-Djdk.")
                        || option.startsWith("-Dorg.bytedeco"));
    return Stream.concat(inherited, Stream.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))
        .distinct()
        .toList();
  }
}
