package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static Report report(double foreign) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("MoNA", "1");
    versions.put("libtorch", "2");
    return new Report(
        new Machine("Chip", 2, "Linux", "17"),
        Shape.standard(2),
        "run.sh",
        versions,
        List.of(
            measurement("MoNA", StepKind.GRADIENT, 0.5, foreign),
            measurement("libtorch", StepKind.GRADIENT, 1, 0),
            measurement("MoNA", StepKind.EXACT, 1.5, 0),
            measurement("libtorch", StepKind.EXACT, 2, 0)));
  }

  private static Measurement measurement(
      String peer, StepKind kind, double seconds, double foreign) {
    Measurement.Work work = new Measurement.Work("fused attention", new double[] {seconds}, 1);
    return new Measurement(peer, kind, 0, work, foreign);
  }

  @Test
  void statesTimesRatiosMachineAndCommand() {
    assertThat(report(0).markdown())
        .contains("Machine: Chip, 2 cores, Linux, Java 17", "Threads: 2", "Command: run.sh")
        .contains("| 1 | 0.500 | 1.000 | 0 % |")
        .contains("MoNA / libtorch (fused attention): median 0.50, from 0.50 to 0.50")
        .contains("MoNA: exact costs 3.00 gradients", "libtorch: exact costs 2.00 gradients")
        .doesNotContain("idle one");
  }

  @Test
  void leavesOutPeersWithoutAStep() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("MoNA", "1");
    versions.put("PyTorch", "2");
    List<Measurement> one = List.of(measurement("MoNA", StepKind.SWIN, 0.5, 0));
    Machine machine = new Machine("Chip", 2, "Linux", "17");
    assertThat(new Report(machine, Shape.standard(2), "run.sh", versions, one).markdown())
        .contains("| turn | MoNA s | used by others |")
        .doesNotContain("MoNA / PyTorch");
  }

  @Test
  void saysWhenTheMachineWasBusy() {
    assertThat(report(0.3).markdown()).contains("Other processes used up to 30 % of the machine");
  }

  @Test
  void writesEveryMeasurementAsJson(@TempDir Path directory) throws IOException {
    report(0).write(directory);
    JsonNode json = new ObjectMapper().readTree(directory.resolve("result.json").toFile());
    assertThat(json.path("measurements")).hasSize(4);
    assertThat(json.path("measurements").get(2).path("work").path("seconds").get(0).asDouble())
        .isEqualTo(1.5);
    assertThat(json.path("machine").path("cores").asInt()).isEqualTo(2);
    assertThat(directory.resolve("result.md")).content().contains("## exact");
  }
}
