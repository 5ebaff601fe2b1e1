package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at 20 moments of a run: in rounds, and in every step of writing its checkpoints. */
class KilledRunIT {
  private static final int KILLS = 20;
  private static final long SEED = 20;
  private static final long PATIENCE_SECONDS = 60;

  private final Path folder;
  private final Path expected;

  KilledRunIT(@TempDir Path folder) {
    this.folder = folder;
    this.expected = folder.resolve("expected");
  }

  /** Killed in a JVM of its own, gone on with in this one. */
  @Test
  void endsWithTheSameBytes() throws IOException, InterruptedException {
    KilledRun.run(expected);
    int[] passed = Stream.of(Moments.Kind.values()).mapToInt(Moments::count).toArray();
    assertThat(passed).as("moments of each kind").doesNotContain(0);
    Random random = new Random(SEED);
    for (int i = 0; i < KILLS; i++) {
      Moments.Kind kind = Moments.Kind.values()[i % passed.length];
      int number = 1 + random.nextInt(passed[kind.ordinal()]);
      Path run = folder.resolve("run-" + i);
      String killed = "seed " + SEED + ", killed at " + kill(run, kind, number, "kill-" + i);
      KilledRun.run(run);
      assertThat(names(run)).as(killed).isEqualTo(names(expected));
      for (String name : names(expected)) {
        assertThat(run.resolve(name))
            .as("%s, %s", killed, name)
            .hasSameBinaryContentAs(expected.resolve(name));
      }
    }
  }

  /** What the process was at. Of some moments fewer may pass than in the run that was counted. */
  private String kill(Path run, Moments.Kind kind, int number, String name)
      throws IOException, InterruptedException {
    Path home = folder.resolve(name + "-" + number);
    Path sign = home.resolve("sign");
    Process process =
        JavaProcess.start(
            home,
            List.of(),
            KilledRun.class.getName(),
            List.of(run.toString(), kind.name(), String.valueOf(number), sign.toString()));
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!Files.exists(sign)) {
        assertThat(System.nanoTime()).as(() -> JavaProcess.log(home)).isLessThan(deadline);
        if (process.waitFor(5, TimeUnit.MILLISECONDS) && !Files.exists(sign)) {
          assertThat(process.exitValue()).as(() -> JavaProcess.log(home)).isZero();
          return kill(folder.resolve(run.getFileName() + "-again"), kind, number / 2 + 1, name);
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(sign);
  }

  private static List<String> names(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> run.relativize(file).toString())
          .filter(name -> !name.contains(".tmp-"))
          .sorted()
          .toList();
    }
  }
}
