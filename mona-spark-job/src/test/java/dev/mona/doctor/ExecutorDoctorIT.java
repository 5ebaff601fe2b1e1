package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mona.example.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own, to which Spark deals GPU addresses from a script of the test. */
class ExecutorDoctorIT {
  private final Path home;

  ExecutorDoctorIT(@TempDir Path home) {
    this.home = home;
  }

  private Path discovery(String addresses) throws IOException {
    Path script =
        Files.writeString(
            home.resolve("discover.sh"),
            "#!/bin/bash\necho '{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}'\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int doctor(int executors, Path script, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> settings = new HashMap<>(JavaProcess.executorSettings());
    settings.put("spark.master", "local-cluster[" + executors + ",1,1024]");
    settings.put("spark.executor.instances", String.valueOf(executors));
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.worker.resource.gpu.amount", "1");
    settings.put("spark.worker.resource.gpu.discoveryScript", script.toString());
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.executor.resource.gpu.discoveryScript", script.toString());
    settings.put("spark.task.resource.gpu.amount", "1");
    List<String> options = new ArrayList<>();
    settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
    Process process = JavaProcess.start(home, options, "dev.mona.cli.Main", List.of(arguments));
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(JavaProcess.log(home)).isTrue();
    return process.exitValue();
  }

  private JsonNode json() throws IOException {
    String log = JavaProcess.log(home);
    int from = log.indexOf("\n[ {") + 1;
    int to = log.indexOf("\n} ]", from) + 4;
    assertThat(from).as(log).isPositive();
    return new ObjectMapper().readTree(log.substring(from, to));
  }

  @Test
  void everyExecutorAnswersWithTheAddressItWasGiven() throws IOException, InterruptedException {
    int code = doctor(2, discovery("\"3\""), "doctor", "--executors", "--json");
    assertThat(code).as(JavaProcess.log(home)).isZero();
    JsonNode all = json();
    assertThat(all).as(all.toString()).hasSize(2);
    assertThat(all)
        .extracting(node -> node.path("process").asText().replaceFirst(" on .*", ""))
        .containsExactly("executor 0", "executor 1");
    for (JsonNode executor : all) {
      JsonNode device = executor.path("facts").path("device");
      assertThat(device.path("GPU addresses from Spark").asText()).isEqualTo("3");
      assertThat(device.path("run.engine").asText()).isEqualTo("nd4j");
      assertThat(device.path("device").asText()).startsWith("ND4J").contains("CPU");
      assertThat(executor.path("facts").path("engines").path("nd4j").asText())
          .endsWith("for the CPU");
      assertThat(executor.path("facts").path("matrix product").path("float32, device 0").asText())
          .contains("off by ", "GFLOP/s");
      assertThat(executor.path("healthy").asBoolean()).isTrue();
      assertThat(executor.path("findings").toString())
          .contains("Spark gave this process GPU 3 and the engine leaves it idle");
    }
  }

  @Test
  void aRunThatNeedsAGpuIsRefusedThere() throws IOException, InterruptedException {
    assertThat(doctor(1, discovery("\"0\""), "doctor", "--executors", "--device", "gpu"))
        .isEqualTo(7);
    assertThat(JavaProcess.log(home))
        .contains("problem: run.device is gpu but the class path has nd4j for the CPU");
  }
}
