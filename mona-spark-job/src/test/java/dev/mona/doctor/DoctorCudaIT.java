package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mona.example.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command with the CUDA backend on a machine without a GPU: one sentence, exit code 7. Runs
 * with {@code -Dmona.cuda.classpath=<class path of a -Pcuda build>}.
 */
@EnabledIfSystemProperty(named = DoctorCudaIT.CLASS_PATH, matches = ".+")
class DoctorCudaIT {
  static final String CLASS_PATH = "mona.cuda.classpath";

  private final Path home;

  DoctorCudaIT(@TempDir Path home) {
    this.home = home;
  }

  @BeforeEach
  void needsAMachineWithoutGpu() {
    assumeThat(Path.of("/dev/nvidia0")).doesNotExist();
  }

  private int mona(String... arguments) throws IOException, InterruptedException {
    Process process =
        JavaProcess.start(
            home,
            System.getProperty(CLASS_PATH, ""),
            List.of("-Dmona.log.level=warn"),
            "dev.mona.cli.Main",
            List.of(arguments));
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(JavaProcess.log(home)).isTrue();
    return process.exitValue();
  }

  @Test
  void doctorSaysThatThereIsNoDevice() throws IOException, InterruptedException {
    assertThat(mona("doctor")).as(JavaProcess.log(home)).isEqualTo(7);
    List<String> problems =
        JavaProcess.log(home).lines().filter(line -> line.startsWith("problem: ")).toList();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("the CUDA backend is on the class path but");
    assertThat(JavaProcess.log(home)).doesNotContain("\tat ");
  }

  @Test
  void theCpuIsNotTakenInstead() throws IOException, InterruptedException {
    assertThat(mona("doctor", "--device", "cpu")).isEqualTo(7);
    assertThat(JavaProcess.log(home))
        .contains("run.device is cpu but the class path has nd4j for GPUs");
  }
}
