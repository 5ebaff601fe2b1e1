package dev.mona.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Airflow as {@code deploy/airflow/requirements.txt} names it, in a virtual environment that stays
 * under {@code target} for the next run, with a new database.
 */
final class Airflow {
  private static final Duration INSTALLED = Duration.ofMinutes(4);
  private static final Duration MIGRATED = Duration.ofMinutes(3);
  private static final String UV = "uv==0.13.9";

  private final Path target;
  private final Path environment;

  private Airflow(Path target) {
    this.target = target;
    this.environment = target.resolve("environment");
  }

  /**
   * Installs it. Where that cannot be done, for example because there is no package index, the test
   * is skipped with the reason; in continuous integration it fails.
   */
  static Airflow install() {
    Airflow airflow = new Airflow(Path.of("target", "airflow").toAbsolutePath());
    String wanted = airflow.wanted();
    Path complete = airflow.environment.resolve("complete");
    try {
      if (!Files.exists(complete) || !Files.readString(complete).equals(wanted)) {
        airflow.fill();
        Files.writeString(complete, wanted);
      }
      airflow.migrate();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return airflow;
  }

  static Path folder() {
    return Installation.home().resolve("deploy/airflow").toAbsolutePath().normalize();
  }

  private static Path requirements() {
    return folder().resolve("requirements.txt");
  }

  private static Path constraints() {
    return folder().resolve("constraints-3.3.2.txt");
  }

  private String wanted() {
    try {
      return UV + Files.readString(requirements()) + Files.readString(constraints());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() {
    require("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))");
    require("python3", "-m", "venv", "--clear", environment.toString());
    String python = program("python");
    require(python, "-m", "pip", "install", "-q", UV);
    require(
        program("uv"),
        "pip",
        "install",
        "-q",
        "--python",
        python,
        "-r",
        requirements().toString(),
        "-c",
        constraints().toString());
  }

  private void require(String... command) {
    String failure;
    try (Running step = Running.start(target.resolve("install.log"), Map.of(), List.of(command))) {
      failure = step.await(INSTALLED) == 0 ? "" : step.tail();
    } catch (UncheckedIOException e) {
      failure = e.toString();
    }
    if (!failure.isEmpty()) {
      String reason =
          "Airflow cannot be installed here: %s:%n%s".formatted(String.join(" ", command), failure);
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(reason);
      }
      Assumptions.abort(reason);
    }
  }

  private void migrate() throws IOException {
    if (Files.exists(home())) {
      try (Stream<Path> old = Files.walk(home())) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    try (Running migration = start("migrate", Map.of(), "airflow", "db", "migrate")) {
      if (migration.await(MIGRATED) != 0) {
        throw new AssertionError("no database:\n" + migration.tail());
      }
    }
  }

  private Path home() {
    return target.resolve("home");
  }

  String program(String name) {
    return environment.resolve("bin").resolve(name).toString();
  }

  /**
   * Starts a program of the environment.
   *
   * @param log name of its output under {@code target/airflow}
   * @param more variables beside Airflow's
   */
  Running start(String log, Map<String, String> more, String program, String... arguments) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("AIRFLOW_HOME", home().toString());
    variables.put("AIRFLOW__CORE__DAGS_FOLDER", folder().toString());
    variables.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
    variables.put("AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY", "1");
    variables.put("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", "False");
    variables.put("PYTHONPATH", folder().toString());
    variables.put("PYTHONPYCACHEPREFIX", target.resolve("bytecode").toString());
    variables.putAll(more);
    List<String> command = new ArrayList<>(List.of(program(program)));
    command.addAll(List.of(arguments));
    return Running.start(target.resolve(log + ".log"), variables, command);
  }
}
