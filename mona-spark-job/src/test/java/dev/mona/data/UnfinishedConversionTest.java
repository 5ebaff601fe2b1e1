package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.numpy.NumpyOptions;
import dev.mona.storage.CopyingFileSystem;
import dev.mona.storage.Lease;
import dev.mona.storage.OutputLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two conversions at once, and what one leaves that dies. */
class UnfinishedConversionTest {
  private final Path directory;

  UnfinishedConversionTest(@TempDir Path directory) {
    this.directory = directory;
    NumpySet.small(false).write(directory.resolve("in"));
  }

  @AfterEach
  void revive() {
    CopyingFileSystem.revive();
  }

  private Manifest convert(String scheme) {
    return ConvertedSet.convert(
        CopyingFileSystem.configuration(),
        new NumpyOptions(directory.resolve("in").toString(), new Encoding.Plain()),
        scheme + directory.resolve("out"),
        false);
  }

  @Test
  void oneAtATimeAndWhatTheDeadLeftIsRemoved() throws IOException {
    Path left = directory.resolve(".out.converting-0123456789ab");
    Files.createDirectories(left);
    Files.writeString(left.resolve("train.parquet"), "half");
    FileSystem local = FileSystem.getLocal(new Configuration());
    org.apache.hadoop.fs.Path output =
        new org.apache.hadoop.fs.Path(directory.resolve("out").toUri());
    Lease shortLease = new Lease(Duration.ofSeconds(1), Duration.ZERO);
    try (OutputLock other = OutputLock.take(local, output, shortLease)) {
      assertThatThrownBy(() -> convert("file:"))
          .isInstanceOf(MonaException.class)
          .hasMessageContaining("is being written by attempt " + other.attempt());
      assertThat(left).as("may be the other's own").exists();
    }
    convert("file:");
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("in", "out");
  }

  /** A set whose manifest is missing is none; the same command makes it. */
  @Test
  void aConversionThatDiesWhileItPublishesIsRepeated() throws IOException {
    boolean died = true;
    int deaths = 0;
    for (int step = 0; died; step += 3) {
      CopyingFileSystem.dieBefore(step);
      try {
        convert("copying:");
      } catch (CopyingFileSystem.Killed e) {
        deaths++;
      }
      died = CopyingFileSystem.revive();
      // this process lives on: its claims would hold until their lease is over
      for (String name : Objects.requireNonNull(directory.toFile().list())) {
        if (name.startsWith(".out.lock-")) {
          Files.delete(directory.resolve(name));
        }
      }
    }
    assertThat(deaths).isGreaterThan(5);
    Manifest again = convert("copying:");
    assertThat(again.split(Split.TRAIN).orElseThrow().bytes())
        .isEqualTo(directory.resolve("out/train.parquet").toFile().length());
    assertThat(directory.resolve("out").toFile().list())
        .containsExactlyInAnyOrder("manifest.json", "test.parquet", "train.parquet");
  }
}
