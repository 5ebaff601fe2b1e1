package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The script that makes arrays of published files, by its own tests. */
@Tag("cluster")
class NasBench360IT {
  private static final String NUMPY = "numpy==2.*";

  @Test
  void everySetIsReadInItsPublishedLayout() {
    Path target = Path.of("target", "nasbench360").toAbsolutePath();
    PythonEnvironment python = PythonEnvironment.install(target, List.of(NUMPY));
    Path script = Installation.home().resolve("tools/nasbench360").toAbsolutePath().normalize();
    Map<String, String> variables =
        Map.of(
            "PYTHONPATH", script.toString(),
            "PYTHONPYCACHEPREFIX", target.resolve("bytecode").toString());
    List<String> command = List.of(python.program("python"), "-m", "unittest", "test_prepare");
    try (Running tests = Running.start(target.resolve("tests.log"), variables, command)) {
      assertThat(tests.await(Duration.ofMinutes(2))).as(tests.tail()).isZero();
      assertThat(tests.output()).contains("Ran 9 tests");
    }
  }
}
