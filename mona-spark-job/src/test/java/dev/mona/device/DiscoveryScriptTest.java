package dev.mona.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/gpu/discover-gpus.sh, run with an nvidia-smi of the test's own. */
class DiscoveryScriptTest {
  private static final Path SCRIPT = Path.of("..", "deploy", "gpu", "discover-gpus.sh");

  private record Run(int code, String out, String err) {}

  private final Path bin;

  DiscoveryScriptTest(@TempDir Path bin) {
    this.bin = bin;
  }

  /** An nvidia-smi that answers the one question it is asked. */
  private void nvidiaSmi(String answer, int code) throws IOException {
    Path file =
        Files.writeString(
            bin.resolve("nvidia-smi"),
            """
            #!/bin/bash
            [ "$*" = "--query-gpu=index --format=csv,noheader" ] || exit 9
            printf '%s'
            exit %d
            """
                .formatted(answer, code));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run run() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", SCRIPT.toAbsolutePath().normalize().toString());
    builder.environment().put("PATH", bin.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, err);
  }

  @Test
  void listsTheDevicesForSpark() throws IOException, InterruptedException {
    nvidiaSmi("0\\n1\\n7\\n", 0);
    Run run = run();
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("name").asText()).isEqualTo("gpu");
    assertThat(json.path("addresses")).extracting(JsonNode::asText).containsExactly("0", "1", "7");
  }

  @Test
  void isExecutable() {
    assertThat(Files.isExecutable(SCRIPT)).isTrue();
  }

  @Test
  void missingProgram() throws IOException, InterruptedException {
    fails("nvidia-smi is not on the PATH");
  }

  @Test
  void brokenDriver() throws IOException, InterruptedException {
    nvidiaSmi("Failed to initialize NVML", 18);
    fails("nvidia-smi failed");
  }

  @Test
  void noDevices() throws IOException, InterruptedException {
    nvidiaSmi("", 0);
    fails("lists no GPU");
  }

  @Test
  void somethingElseThanNumbers() throws IOException, InterruptedException {
    nvidiaSmi("No devices were found\\n", 0);
    fails("listed \"No devices were found\"");
  }

  private void fails(String why) throws IOException, InterruptedException {
    Run run = run();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("discover-gpus: ").contains(why).hasLineCount(1);
  }
}
