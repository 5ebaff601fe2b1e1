package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code deploy/gpu/check.sh} in a folder whose Java, Python and nvidia-smi are made up: what it
 * finds, what it tells, how it ends. The continuous integration runs it with the real jars.
 */
class GpuCheckTest {
  private static final Path DEPLOY = Installation.home().resolve("deploy");

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void folder() throws IOException {
    for (String name :
        List.of(
            "environment.sh",
            "local/mona",
            "local/quickstart.sh",
            "gpu/check.sh",
            "gpu/libraries.txt")) {
      Path copy = folder.resolve("deploy").resolve(name);
      Files.createDirectories(copy.getParent());
      Files.copy(DEPLOY.resolve(name), copy);
    }
    file("conf/clusters/local.conf", "");
    for (String engine : List.of("torch", "torch-cuda")) {
      file("mona-spark-job/target/dist-" + engine + "/complete", "");
    }
    file("java/release", "JAVA_VERSION=\"17.0.9\"\n");
    java("echo all is well");
    program("python", "[[ $2 != 'import torch' ]]");
    environment.put("JAVA_HOME", folder.resolve("java").toString());
    environment.put("CHECK_PYTHON", folder.resolve("python").toString());
    environment.put("PATH", folder + ":" + System.getenv("PATH"));
  }

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void program(String name, String text) throws IOException {
    file(name, "#!/usr/bin/env bash\n" + text + "\n");
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void java(String text) throws IOException {
    program("java/bin/java", text);
  }

  private void gpu(String driver) throws IOException {
    program(
        "nvidia-smi",
        "case $1 in *name*) echo 'Fake 100, 9.0, %s, 8000 MiB' ;; *) echo %s ;; esac"
            .formatted(driver, driver));
  }

  /** A folder of CUDA libraries, as PyTorch's packages make it. */
  private void libraries(String leftOut) throws IOException {
    for (String line : Files.readAllLines(DEPLOY.resolve("gpu/libraries.txt"))) {
      String name = line.split(" ", 2)[0];
      if (!name.equals("#") && !name.equals(leftOut)) {
        file("site/nvidia/cu13/lib/" + name, "");
      }
    }
    program("python", "[[ $2 != 'import torch' ]] && echo " + folder + "/site/nvidia/cu13/lib");
  }

  private Map<String, String> check(int code, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("deploy/gpu/check.sh").toString());
    command.addAll(List.of(arguments));
    command.add(folder.resolve("out").toString());
    try (Running process = Running.start(folder.resolve("log"), environment, command)) {
      assertThat(process.await(Duration.ofSeconds(60))).as(process::tail).isEqualTo(code);
    }
    Map<String, String> results = new TreeMap<>();
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("out/summary.json").toFile());
    for (JsonNode step : summary.path("steps")) {
      results.put(
          step.path("step").asText(),
          step.path("result").asText() + " " + step.path("note").asText());
    }
    return results;
  }

  @Test
  void aRehearsalOnTheCpuTellsOfEachStep() throws IOException {
    java(
        """
        case "$*" in
          *ConsoleLauncher*) printf '[ 5 tests successful ]\\n[ 0 tests failed ]\\n' ;;
          *doctor*) echo "${*: -3}" ;;
          *) echo "mona 1 \\"C:\\\\x\\"" ;;
        esac""");
    Map<String, String> results = check(0, "--cpu");
    assertThat(results).hasSize(7);
    assertThat(results)
        .containsEntry("doctor", "PASS doctor --engine torch")
        .containsEntry("libraries", "SKIP none needed on the CPU")
        .containsEntry("operations", "PASS 5 tests passed, 0 failed, 0 skipped")
        .containsEntry("quickstart", "PASS mona 1 \"C:\\x\"");
    assertThat(results.get("steps")).startsWith("SKIP ").contains("has no PyTorch");
    assertThat(Files.readString(folder.resolve("out/summary.txt")))
        .containsPattern("PASS +operations +\\d+ s +5 tests passed")
        .containsPattern("SKIP +steps");
  }

  @Test
  void aStepThatFailsIsToldAndTheOthersRun() throws IOException {
    java("echo the natives are broken; case \"$*\" in *doctor*) exit 7 ;; esac");
    assertThat(check(1, "--cpu", "--only", "machine,doctor,operations"))
        .hasSize(3)
        .containsEntry("doctor", "FAIL the natives are broken (exit code 7, see doctor.log)")
        .containsEntry(
            "operations",
            "FAIL 0 tests passed, 0 failed, 0 skipped (exit code 1, see operations.log)");
  }

  @Test
  void librariesOfPythonPackagesAreFoundAndHandedOn() throws IOException {
    gpu("580.65.06");
    libraries("");
    java("echo \"$LD_LIBRARY_PATH ${*: -5}\"");
    Map<String, String> results = check(0, "--only", "machine,libraries,doctor");
    assertThat(results)
        .containsEntry("machine", "PASS Fake 100, 9.0, 580.65.06, 8000 MiB")
        .containsEntry("libraries", "PASS all found, in 1 folders");
    assertThat(results.get("doctor"))
        .startsWith("PASS " + folder + "/site/nvidia/cu13/lib")
        .endsWith(" doctor --engine torch --device gpu");
  }

  @Test
  void aMissingLibraryIsNamedWithItsPackageAndNothingRuns() throws IOException {
    gpu("590.1");
    libraries("libcudnn.so.9");
    // an empty library stands in only for one whose functions nobody calls
    file("stubs/libcudnn.so.9", "");
    Map<String, String> results = check(1, "--only", "libraries,doctor");
    assertThat(results.get("libraries"))
        .startsWith("FAIL missing: libcudnn.so.9. ")
        .contains("nvidia-cudnn-cu13", "--fetch");
    assertThat(results.get("doctor")).startsWith("SKIP ");
  }

  @Test
  void anEmptyLibraryStandsInWhereNoFunctionIsCalled() throws IOException {
    gpu("590.1");
    libraries("libcurand.so.10");
    file("stubs/libcurand.so.10", "");
    assertThat(check(0, "--only", "libraries"))
        .containsEntry("libraries", "PASS all found, in 2 folders");
  }

  @Test
  void anOldDriverOrNoneIsRefusedInWords() throws IOException {
    gpu("570.124");
    assertThat(check(1, "--only", "machine,doctor").get("machine"))
        .startsWith("FAIL the NVIDIA driver is 570.124, CUDA 13 needs 580 or newer");
    program("nvidia-smi", "sleep 60");
    assertThat(check(1, "--only", "machine").get("machine"))
        .isEqualTo("FAIL not done after 10 s, see machine.log");
  }

  @Test
  void whatIsNotPreparedIsSaid() throws IOException {
    Files.delete(folder.resolve("mona-spark-job/target/dist-torch/complete"));
    List<String> command = List.of(folder.resolve("deploy/gpu/check.sh").toString(), "--cpu");
    try (Running process = Running.start(folder.resolve("log"), environment, command)) {
      assertThat(process.await(Duration.ofSeconds(20))).isEqualTo(7);
      assertThat(process.output()).contains("run deploy/gpu/prepare.sh");
    }
  }
}
