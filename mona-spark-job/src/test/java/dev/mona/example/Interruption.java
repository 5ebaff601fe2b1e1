package dev.mona.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A training in a JVM of its own that is killed on the way. */
public final class Interruption {
  /** How long a process may take to get anywhere. */
  public static final long PATIENCE_SECONDS = 120;

  private static final int POLL_MILLIS = 5;

  private Interruption() {}

  /**
   * Kills the process with SIGKILL when its run has the first checkpoint of a stage; this process
   * goes on.
   *
   * @param home where the process logs
   * @return the checkpoints it left
   */
  public static List<String> kill(Process process, Path home, Path run, Stage stage)
      throws IOException, InterruptedException {
    try {
      awaitCheckpoint(process, home, run, stage);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as("128 + SIGKILL").isEqualTo(137);
    return checkpoints(run);
  }

  private static void awaitCheckpoint(Process process, Path home, Path run, Stage stage)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (checkpoints(run).stream().noneMatch(name -> name.startsWith(stage.id()))) {
      assertThat(process.isAlive()).as(() -> JavaProcess.log(home)).isTrue();
      assertThat(System.nanoTime()).as(() -> JavaProcess.log(home)).isLessThan(deadline);
      Thread.sleep(POLL_MILLIS);
    }
  }

  /**
   * Asks the process to stop with SIGTERM when its run has the first checkpoint of a stage.
   *
   * @return its exit code
   */
  public static int stop(Process process, Path home, Path run, Stage stage)
      throws IOException, InterruptedException {
    try {
      awaitCheckpoint(process, home, run, stage);
      process.destroy();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as(() -> JavaProcess.log(home))
          .isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  /** Names of complete checkpoints, sorted. */
  public static List<String> checkpoints(Path run) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }
}
