package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.deploy.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A module of Go, of which a test reads a file.
 *
 * @param path such as github.com/kubeflow/spark-operator/v2
 * @param version such as v2.3.0
 * @param sum its checksum as in {@code go.sum}
 */
record GoModule(String path, String version, String sum) {
  private static final Duration FETCHED = Duration.ofMinutes(2);

  /**
   * The module's folder, fetched by the {@code go} of this machine unless it is there already.
   * Where that cannot be done, the test is skipped with the reason.
   *
   * @param target where modules and log go
   */
  Path fetch(Path target) throws IOException {
    Files.createDirectories(target);
    Path log = target.resolve("go.log");
    Map<String, String> environment =
        Map.of(
            "GOMODCACHE",
            target.resolve("modules").toAbsolutePath().toString(),
            "GOFLAGS",
            "-modcacherw",
            "GOTOOLCHAIN",
            "local",
            // The checksum is compared below, so nobody needs to be asked for it.
            "GONOSUMDB",
            path);
    List<String> command =
        List.of("timeout", "90", "go", "mod", "download", "-json", path + "@" + version);
    int code = -1;
    try (Running fetching = Running.start(log, environment, command)) {
      code = fetching.await(FETCHED);
    } catch (UncheckedIOException e) {
      // There is no such command here, as where timeout itself says 127.
      Files.writeString(log, e.toString());
    }
    Assumptions.assumeTrue(
        code == 0, "no command go fetches " + path + "@" + version + " here, see " + log);
    JsonNode fetched = new ObjectMapper().readTree(log.toFile());
    if (!fetched.path("Sum").asText().equals(sum)) {
      throw new AssertionError(
          path + "@" + version + " has the sum " + fetched.path("Sum") + ", must be " + sum);
    }
    return Path.of(fetched.path("Dir").asText());
  }
}
