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

/**
 * Airflow as {@code deploy/airflow/requirements.txt} names it, in a virtual environment that stays
 * under {@code target} for the next run, with a new database.
 */
final class Airflow {
  private static final Duration MIGRATED = Duration.ofMinutes(3);

  private final Path target;
  private final PythonEnvironment environment;

  private Airflow(Path target) {
    this.target = target;
    List<String> requirements =
        List.of("-r", requirements().toString(), "-c", constraints().toString());
    environment = PythonEnvironment.install(target, requirements);
  }

  /** Installs it, or skips the test as {@link PythonEnvironment} says, and makes the database. */
  static Airflow install() {
    Airflow airflow = new Airflow(Path.of("target", "airflow").toAbsolutePath());
    try {
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

  /** A folder of a test beside Airflow's own. */
  Path folderOf(String name) {
    return target.resolve(name);
  }

  String program(String name) {
    return environment.program(name);
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
    // Airflow's own packages, read for the first time on slow cores, take longer than its 30 s
    variables.put("AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT", "300");
    Path root = Installation.home().toAbsolutePath().normalize();
    variables.put(
        "MONA_APPLICATIONS",
        "/opt/mona/mona-spark-job-all.jar,"
            + Path.of(System.getProperty("mona.jar")).toAbsolutePath().normalize());
    variables.put(
        "MONA_PROPERTIES_FILES",
        "/opt/mona/conf/clusters/yarn.conf," + root.resolve("conf/clusters/yarn.conf"));
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
