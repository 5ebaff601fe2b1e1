package dev.mona.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final PeerId TORCH = PeerId.of("torch:float32");
  private static final PeerId EAGER = PeerId.of("eager:float32");
  private static final PeerId ROUNDED = PeerId.of("torch:bf16");

  private static Report report(double foreign) {
    return new Report(
        new Report.Setting(
            new Machine("Chip", 2, "Linux", "17"), Shape.standard(2), "run.sh", List.of("a note")),
        List.of(
            new Report.Version(TORCH, "one 1.0"),
            new Report.Version(EAGER, "two 2.0"),
            new Report.Version(ROUNDED, "one 1.0")),
        List.of(
            measurement(TORCH, StepKind.GRADIENT, foreign, 0.5, 0.4, 0.75),
            measurement(EAGER, StepKind.GRADIENT, 0, 1),
            measurement(ROUNDED, StepKind.GRADIENT, 0, 0.25),
            measurement(TORCH, StepKind.EXACT, 0, 1.5),
            measurement(EAGER, StepKind.EXACT, 0, 2)),
        List.of(
            new Counts(
                TORCH,
                StepKind.EXACT,
                Map.of(
                    Counts.CALLS, 1820L,
                    Counts.WAITS, 1L,
                    Counts.JAVA_BYTES, 2000L,
                    Counts.NATIVE_BYTES, 0L))));
  }

  private static Measurement measurement(
      PeerId peer, StepKind kind, double foreign, double... seconds) {
    return new Measurement(peer, kind, 0, new Measurement.Work("tape", seconds, 1), foreign);
  }

  @Test
  void statesMachineCommandAndLibraries() {
    assertThat(report(0).markdown())
        .contains("Machine: Chip, 2 cores, Linux, Java 17", "Threads: 2", "Command: run.sh")
        .contains("- MoNA on libtorch, float32: one 1.0", "- PyTorch eager, float32: two 2.0")
        .contains("- a note")
        .doesNotContain("idle one");
  }

  @Test
  void statesTimesAndRatios() {
    assertThat(report(0).markdown())
        .contains("| MoNA on libtorch, float32 | 3 | 0.400 | 0.500 | 0.750 | tape | 0 % |")
        .contains("| MoNA on libtorch, float32 / PyTorch eager, float32 | 0.50 | 0.50 | 0.50 |")
        .contains("| MoNA on libtorch, bf16 / MoNA on libtorch, float32 | 0.50 | 0.50 | 0.50 |")
        .contains("| MoNA on libtorch, float32 | exact | 3.00 | 3.00 | 3.00 |")
        .contains("| PyTorch eager, float32 | exact | 2.00 | 2.00 | 2.00 |");
  }

  @Test
  void statesWhatAWarmStepAsksFor() {
    assertThat(report(0).markdown())
        .contains("| peer | step | calls | waits | Java bytes | native bytes |")
        .contains("| MoNA on libtorch, float32 | exact | 1,820 | 1 | 2,000 | 0 |");
  }

  @Test
  void saysWhenTheMachineWasBusy() {
    assertThat(report(0.3).markdown()).contains("Other processes used up to 30 % of the machine");
  }

  @Test
  void writesEveryMeasurementAsJson(@TempDir Path directory) throws IOException {
    report(0).write(directory);
    JsonNode json = new ObjectMapper().readTree(directory.resolve("result.json").toFile());
    assertThat(json.path("measurements")).hasSize(5);
    assertThat(json.path("measurements").get(3).path("work").path("seconds").get(0).asDouble())
        .isEqualTo(1.5);
    assertThat(json.path("setting").path("machine").path("cores").asInt()).isEqualTo(2);
    assertThat(directory.resolve("result.md")).content().contains("### exact");
  }
}
