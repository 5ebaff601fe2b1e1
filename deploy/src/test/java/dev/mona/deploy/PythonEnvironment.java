package dev.mona.deploy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A virtual environment of Python that stays under {@code target} for the next run, as {@code
 * tools/python/environment.sh} makes it.
 *
 * @param folder where it lies
 */
public record PythonEnvironment(Path folder) {
  private static final Duration INSTALLED = Duration.ofMinutes(8);

  /**
   * Makes one, unless it is there already. Where that cannot be done, for example because there is
   * no package index, the test is skipped with the reason; in continuous integration it fails.
   *
   * @param target where environment and log go
   * @param requirements arguments of {@code uv pip install}
   */
  public static PythonEnvironment install(Path target, List<String> requirements) {
    PythonEnvironment environment = new PythonEnvironment(target.resolve("environment"));
    List<String> command = new ArrayList<>();
    command.add(Installation.home().resolve("tools/python/environment.sh").toString());
    command.add(environment.folder.toString());
    command.addAll(requirements);
    try (Running making = Running.start(target.resolve("install.log"), Map.of(), command)) {
      if (making.await(INSTALLED) != 0) {
        refuse(making.tail());
      }
    } catch (UncheckedIOException e) {
      refuse(e.toString());
    }
    return environment;
  }

  /** The path of a program of it. */
  public String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  private static void refuse(String said) {
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(said);
    }
    Assumptions.abort(said.substring(said.lastIndexOf('\n') + 1));
  }
}
