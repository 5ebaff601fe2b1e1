package dev.mona.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of its own over the class path of this one, which can be killed. */
public final class JavaProcess {
  private JavaProcess() {}

  /**
   * Starts a process; its output goes to {@link #log}.
   *
   * @param home an empty directory that serves as SPARK_HOME for executors in JVMs of their own
   * @param options JVM options beside {@link #jvmOptions()}
   */
  public static Process start(
      Path home, List<String> options, String mainClass, List<String> arguments)
      throws IOException {
    return start(home, System.getProperty("java.class.path"), options, mainClass, arguments);
  }

  /** The same over another class path. */
  public static Process start(
      Path home, String classPath, List<String> options, String mainClass, List<String> arguments)
      throws IOException {
    Files.createDirectories(home.resolve("jars"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(jvmOptions());
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    File log = home.resolve("log.txt").toFile();
    return builder.redirectErrorStream(true).redirectOutput(log).start();
  }

  /** Spark settings with which executors get this JVM's classes and options. */
  public static Map<String, String> executorSettings() {
    return Map.of(
        "spark.executor.extraClassPath", System.getProperty("java.class.path"),
        "spark.executor.extraJavaOptions", String.join(" ", jvmOptions()));
  }

  /**
   * Lets a process and those that it started end, which it has to do in time and with code 0.
   *
   * @return what it has printed
   */
  public static String ended(Process process, Path home, long patienceSeconds)
      throws InterruptedException {
    try {
      assertThat(process.waitFor(patienceSeconds, TimeUnit.SECONDS)).as(() -> log(home)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> log(home)).isZero();
    return log(home);
  }

  /** What the process has printed. */
  public static String log(Path home) {
    try {
      return Files.readString(home.resolve("log.txt"));
    } catch (IOException e) {
      return e.toString();
    }
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
