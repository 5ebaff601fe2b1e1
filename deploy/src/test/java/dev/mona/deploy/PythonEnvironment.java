package dev.mona.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A virtual environment of Python that stays under {@code target} for the next run.
 *
 * @param folder where it lies
 */
record PythonEnvironment(Path folder) {
  private static final Duration INSTALLED = Duration.ofMinutes(4);
  private static final String UV = "uv==0.13.9";

  /**
   * Makes one, unless it is there already. Where that cannot be done, for example because there is
   * no package index, the test is skipped with the reason; in continuous integration it fails.
   *
   * @param target where environment and log go
   * @param wanted what the requirements say, to notice a change
   * @param requirements arguments of {@code pip install}
   */
  static PythonEnvironment install(Path target, String wanted, List<String> requirements) {
    PythonEnvironment environment = new PythonEnvironment(target.resolve("environment"));
    Path complete = environment.folder.resolve("complete");
    String content = UV + wanted;
    try {
      if (!Files.exists(complete) || !Files.readString(complete).equals(content)) {
        environment.fill(target.resolve("install.log"), requirements);
        Files.writeString(complete, content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return environment;
  }

  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  private void fill(Path log, List<String> requirements) {
    require(log, List.of("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 11))"));
    require(log, List.of("python3", "-m", "venv", "--clear", folder.toString()));
    String python = program("python");
    require(log, List.of(python, "-m", "pip", "install", "-q", UV));
    List<String> install =
        new ArrayList<>(List.of(program("uv"), "pip", "install", "-q", "--python", python));
    install.addAll(requirements);
    require(log, install);
  }

  private static void require(Path log, List<String> command) {
    String failure;
    try (Running step = Running.start(log, Map.of(), command)) {
      failure = step.await(INSTALLED) == 0 ? "" : step.tail();
    } catch (UncheckedIOException e) {
      failure = e.toString();
    }
    if (!failure.isEmpty()) {
      String reason =
          "a Python environment cannot be made here: %s:%n%s"
              .formatted(String.join(" ", command), failure);
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(reason);
      }
      Assumptions.abort(reason);
    }
  }
}
