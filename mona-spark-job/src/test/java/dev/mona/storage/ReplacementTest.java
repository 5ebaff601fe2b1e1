package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a file when its writer dies. */
class ReplacementTest {
  private final Path root;

  ReplacementTest(@TempDir Path root) {
    this.root = root;
  }

  @AfterEach
  void revive() {
    CopyingFileSystem.revive();
  }

  private RunDirectory copying() {
    return RunDirectory.open("copying:" + root, CopyingFileSystem.configuration());
  }

  private static String text(RunDirectory run, String name) {
    return run.read(name, (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Before each step there is, on a file system on which nothing is one step. */
  @Test
  void aWriterThatDiesLeavesTheOlderOrTheNewerContent() {
    List<String> found = new ArrayList<>();
    String last = "content 0";
    try (RunDirectory run = copying()) {
      run.writeText("metrics/summary.json", last);
    }
    boolean died = true;
    for (int step = 0; died; step++) {
      String next = "content " + (step + 1) + " is longer".repeat(step % 3);
      CopyingFileSystem.dieBefore(step);
      try (RunDirectory run = copying()) {
        run.writeText("metrics/summary.json", next);
      } catch (CopyingFileSystem.Killed e) {
        assertThat(step).as("a death that ends").isLessThan(40);
      }
      died = CopyingFileSystem.revive();
      try (RunDirectory run = copying()) {
        String now = text(run, "metrics/summary.json");
        assertThat(now).as("died before step %d", step).isIn(last, next);
        assertThat(run.exists("metrics/summary.json")).isTrue();
        assertThat(run.list("metrics")).isSubsetOf("summary.json");
        found.add(now.equals(next) ? "newer" : "older");
        last = now;
      }
    }
    assertThat(found).contains("older", "newer").hasSizeGreaterThan(10);
    assertThat(found.get(found.size() - 1)).isEqualTo("newer");
    try (RunDirectory run = copying()) {
      run.delete("metrics/summary.json");
      assertThat(run.exists("metrics/summary.json")).isFalse();
    }
  }

  /** A full disk is an FSError of Hadoop's local file system. */
  @Test
  void aWriterThatFailsLeavesNoPartOfAFile() throws ReflectiveOperationException {
    try (RunDirectory run = RunDirectory.open(root.toString(), new Configuration())) {
      run.writeText("a.txt", "old");
      for (Throwable failure :
          List.of(
              new IOException("quota"),
              fullDisk(),
              MonaException.data("content that is refused"))) {
        assertThatThrownBy(
                () ->
                    run.write(
                        "a.txt",
                        out -> {
                          out.write(new byte[100_000]);
                          sneak(failure);
                        }))
            .isInstanceOf(MonaException.class);
        assertThat(root.toFile().list()).containsExactly("a.txt");
        assertThat(text(run, "a.txt")).isEqualTo("old");
      }
    }
  }

  private static FSError fullDisk() throws ReflectiveOperationException {
    Constructor<FSError> hadoops = FSError.class.getDeclaredConstructor(Throwable.class);
    hadoops.setAccessible(true);
    return hadoops.newInstance(new IOException("No space left on device"));
  }

  private static void sneak(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    throw (RuntimeException) failure;
  }
}
