package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.Disturbance;
import dev.mona.example.JavaProcess;
import dev.mona.example.LocalSpark;
import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
  private static final long PATIENCE_SECONDS = 120;

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
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (newest(output).noneMatch(name -> name.startsWith(stage.id()))) {
        assertThat(process.isAlive()).as(() -> JavaProcess.log(home)).isTrue();
        assertThat(System.nanoTime()).as(() -> JavaProcess.log(home)).isLessThan(deadline);
        Thread.sleep(20);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as("128 + SIGKILL").isEqualTo(137);
    assertThat(output.resolve(SmallTraining.FINAL)).doesNotExist();
    List<String> left = newest(output).sorted().toList();

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
    Process process = TrainingProcess.start("local-cluster[2,1,1024]", output, 0, home);
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as(() -> JavaProcess.log(home))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(() -> JavaProcess.log(home)).isZero();
    assertSameFiles(output, "local-cluster");
  }

  private void assertSameFiles(Path output, String what) throws IOException {
    for (String file : List.of(SmallTraining.FINAL, SmallTraining.HISTORY)) {
      assertThat(output.resolve(file)).as(what).hasSameBinaryContentAs(uninterrupted.resolve(file));
    }
    assertThat(newest(output)).as(what).hasSameElementsAs(newest(uninterrupted).toList());
    for (String name : newest(output).toList()) {
      Path state = Path.of("checkpoints", name, "state.safetensors");
      assertThat(output.resolve(state))
          .as(what)
          .hasSameBinaryContentAs(uninterrupted.resolve(state));
    }
  }

  /** Names of complete checkpoints. */
  private static Stream<String> newest(Path output) throws IOException {
    Path checkpoints = output.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList()
          .stream();
    }
  }
}
