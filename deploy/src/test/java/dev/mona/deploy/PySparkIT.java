package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Python package: its wheel, in a virtual environment with the PySpark of the package index.
 */
@Tag("cluster")
class PySparkIT {
  @Test
  void theWheelRunsInPySpark() throws IOException {
    Path target = Path.of("target", "pyspark").toAbsolutePath();
    Path sources = Installation.home().resolve("python").toAbsolutePath().normalize();
    String requirements = sources.resolve("tests/requirements.txt").toString();
    PythonEnvironment python = PythonEnvironment.install(target, List.of("-r", requirements));
    install(python, wheel(python, sources, target), target);
    Path work = Files.createDirectories(target.resolve("work"));
    Map<String, String> variables =
        Map.of(
            "MONA_JAR", Installation.jar().toAbsolutePath().toString(),
            "MONA_ENCODER", SmallEncoder.write(target.resolve("encoder")),
            "MONA_WORK", work.toString(),
            "MONA_NOTEBOOK", Installation.home().resolve("notebooks/pyspark.ipynb").toString(),
            "SPARK_LOCAL_IP", "127.0.0.1",
            "OMP_NUM_THREADS", "1",
            "PYTHONPYCACHEPREFIX", target.resolve("bytecode").toString());
    List<String> command =
        List.of(
            python.program("python"),
            "-m",
            "unittest",
            "discover",
            "-v",
            "-s",
            sources.resolve("tests").toString());
    try (Running tests = Running.start(target.resolve("tests.log"), variables, command)) {
      assertThat(tests.await(Duration.ofMinutes(6))).as(tests::tail).isZero();
      assertThat(tests.output()).contains("Ran 8 tests").endsWith("OK\n");
    }
  }

  /** Built of a copy, so that the checkout stays as it is. */
  private static Path wheel(PythonEnvironment python, Path sources, Path target)
      throws IOException {
    Path copy = target.resolve("sources");
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(sources.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.write(to, Files.readAllBytes(file));
      }
    }
    Path wheels = target.resolve("wheels");
    run(
        target.resolve("wheel.log"),
        List.of(
            python.program("python"),
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "--wheel-dir",
            wheels.toString(),
            copy.toString()));
    try (Stream<Path> made = Files.list(wheels)) {
      return made.filter(file -> file.toString().endsWith(".whl")).findFirst().orElseThrow();
    }
  }

  private static void install(PythonEnvironment python, Path wheel, Path target) {
    run(
        target.resolve("installed.log"),
        List.of(
            python.program("python"),
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            "--force-reinstall",
            wheel.toString()));
  }

  private static void run(Path log, List<String> command) {
    try (Running step = Running.start(log, Map.of(), command)) {
      assertThat(step.await(Duration.ofMinutes(1))).as(step::tail).isZero();
    }
  }
}
