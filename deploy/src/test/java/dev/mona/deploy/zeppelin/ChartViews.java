package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.deploy.Installation;
import dev.mona.deploy.PythonEnvironment;
import dev.mona.deploy.Running;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * {@code tools/notebooks/views.py} and what it needs. Where there is no Chromium, the test is
 * skipped.
 *
 * @param target where environment, log and pictures go
 * @param python with Playwright
 */
record ChartViews(Path target, PythonEnvironment python) {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome");

  private static final Duration LOOKED = Duration.ofMinutes(4);

  static ChartViews install(Path target) {
    Assumptions.assumeTrue(
        onPath("npm") && BROWSERS.stream().anyMatch(ChartViews::onPath),
        "there is no npm or no Chromium on the path");
    String requirements = Installation.home().resolve("tools/chromium.txt").toString();
    return new ChartViews(target, PythonEnvironment.install(target, List.of("-r", requirements)));
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** What it says of notes, one line a note and width. */
  String of(String server, List<String> notes) {
    List<String> command = new ArrayList<>();
    command.add(python.program("python"));
    command.add(Installation.home().resolve("tools/notebooks/views.py").toString());
    command.add(server);
    command.addAll(notes);
    command.addAll(List.of("--pictures", target.resolve("pictures").toString()));
    Map<String, String> variables =
        Map.of("PYTHONPYCACHEPREFIX", target.resolve("bytecode").toString());
    try (Running looking = Running.start(target.resolve("views.log"), variables, command)) {
      assertThat(looking.await(LOOKED)).as(looking::tail).isZero();
      return looking.output();
    }
  }
}
