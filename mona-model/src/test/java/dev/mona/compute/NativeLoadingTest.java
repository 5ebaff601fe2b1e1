package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLoadingTest {
  private static final int PROCESSES = 4;

  @TempDir Path directory;

  /** Loads, as a process of its own: writes when it begins and when it ends. */
  public static final class Loading {
    private Loading() {}

    public static void main(String[] arguments) {
      Path diary = Path.of(arguments[1]);
      NativeLoading.once(
          Path.of(arguments[0]),
          NativeLoadingTest.class,
          () -> {
            write(diary, "begins\n");
            sleep();
            write(diary, "ends\n");
          });
    }

    private static void write(Path diary, String line) {
      try {
        Files.writeString(diary, line, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private static void sleep() {
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void oneProcessAtATimeUnpacks() throws IOException, InterruptedException {
    Path folder = directory.resolve("made");
    Path diary = directory.resolve("diary");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Loading.class.getName(),
                  folder.toString(),
                  diary.toString())
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    // those that came when the first was done may overlap each other, but not it
    List<String> lines = Files.readAllLines(diary);
    assertThat(lines).hasSize(2 * PROCESSES);
    assertThat(lines.subList(0, 2)).containsExactly("begins", "ends");
    assertThat(lines).filteredOn("ends"::equals).hasSize(PROCESSES);
  }

  @Test
  void loadsWhereNothingCanBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no folder");
    AtomicInteger loads = new AtomicInteger();
    NativeLoading.once(file, NativeLoadingTest.class, loads::incrementAndGet);
    assertThat(loads).hasValue(1);
  }
}
