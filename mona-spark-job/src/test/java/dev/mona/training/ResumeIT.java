package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.Disturbance;
import dev.mona.example.Interruption;
import dev.mona.example.LocalSpark;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job in other JVMs: killed and resumed, and spread over several. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeIT {
  /** Long enough that no later checkpoint appears between a poll and the kill. */
  private static final int PAUSE_MILLIS = 400;

  private final Path uninterrupted;

  ResumeIT(@TempDir Path shared) {
    uninterrupted = shared.resolve("uninterrupted");
  }

  @BeforeAll
  void runOnce() {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      SmallTraining.run(spark, uninterrupted, false, Disturbance.NONE);
    }
  }

  /** SIGKILL after the first epoch of the stage; another process goes on. */
  @ParameterizedTest
  @EnumSource(Stage.class)
  void aRunKilledInAStageEndsWithTheSameBytes(Stage stage, @TempDir Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("run");
    Path home = directory.resolve("home");
    Process process = TrainingProcess.start("local[2]", output, PAUSE_MILLIS, home);
    List<String> left = Interruption.kill(process, home, output, stage);
    assertThat(output.resolve(SmallTraining.FINAL)).doesNotExist();

    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      SmallTraining.run(spark, output, true, Disturbance.NONE);
    }
    assertSameFiles(output, "killed with " + left);
  }

  @Test
  void executorsInJvmsOfTheirOwnGiveTheSameBytes(@TempDir Path directory)
      throws IOException, InterruptedException {
    Path output = directory.resolve("run");
    Path home = directory.resolve("home");
    Interruption.await(TrainingProcess.start("local-cluster[2,1,1024]", output, 0, home), home);
    assertSameFiles(output, "local-cluster");
  }

  private void assertSameFiles(Path output, String what) throws IOException {
    for (String file : List.of(SmallTraining.FINAL, SmallTraining.HISTORY)) {
      assertThat(output.resolve(file)).as(what).hasSameBinaryContentAs(uninterrupted.resolve(file));
    }
    assertThat(Interruption.checkpoints(output))
        .as(what)
        .isEqualTo(Interruption.checkpoints(uninterrupted));
    for (String name : Interruption.checkpoints(output)) {
      Path state = Path.of("checkpoints", name, "state.safetensors");
      assertThat(output.resolve(state))
          .as(what)
          .hasSameBinaryContentAs(uninterrupted.resolve(state));
    }
  }
}
