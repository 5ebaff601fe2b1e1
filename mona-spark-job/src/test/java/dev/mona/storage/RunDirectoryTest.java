package dev.mona.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mona.MonaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
  private final Path directory;
  private final RunDirectory run;

  RunDirectoryTest(@TempDir Path directory) {
    this.directory = directory;
    run = RunDirectory.open(directory.resolve("run").toUri().toString(), new Configuration());
  }

  @AfterEach
  void close() {
    run.close();
  }

  /** Hadoop's own messages hold the stack of the server. */
  @Test
  void aFailureIsOneSentenceWhateverALibrarySays() {
    assertThatThrownBy(
            () ->
                run.write(
                    "a.txt",
                    out -> {
                      throw new IOException("safe mode\n\tat org.apache.Server(Server.java:1)");
                    }))
        .hasMessageEndingWith(
            "/a.txt (safe mode): check that it exists, that there is space and that this user may write it");
  }

  @Test
  void writesAndReplacesWholeFilesOnly() throws IOException {
    FileDigest digest = run.writeText("metrics/a.txt", "abc");
    // FIPS 180-2, appendix B.1
    assertThat(digest.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        .isEqualTo(Sha256.of("abc"));
    assertThat(digest.bytes()).isEqualTo(3);
    assertThat(run.digest("metrics/a.txt")).isEqualTo(digest);

    run.writeText("metrics/a.txt", "longer");
    assertThat(text("metrics/a.txt")).isEqualTo("longer");

    assertThatThrownBy(
            () ->
                run.write(
                    "metrics/a.txt",
                    out -> {
                      out.write('x');
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("disk full");
    assertThat(text("metrics/a.txt")).as("a failed write leaves the old file").isEqualTo("longer");
  }

  /** The rename of the class that {@code hive-exec} registers for local files. */
  public static final class HivesLocalFiles extends LocalFileSystem {
    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      return !exists(to) && super.rename(from, to);
    }
  }

  @Test
  void replacesFilesWhereSparkHasHive() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", HivesLocalFiles.class.getName());
    Path sidecar = directory.resolve("run/.a.txt.crc");
    try (RunDirectory hives =
        RunDirectory.open(directory.resolve("run").toUri().toString(), configuration)) {
      hives.writeText("a.txt", "abc");
      Files.writeString(sidecar, "of the older content");
      hives.writeText("a.txt", "longer");
    }
    assertThat(text("a.txt")).isEqualTo("longer");
    assertThat(sidecar).doesNotExist();
  }

  /** Hadoop's local file system tells it by an Error. */
  @Test
  void aFullDiskIsTheSentenceAndLeavesNoPartialFile() throws IOException {
    assumeThat(Path.of("/dev/full")).exists();
    run.writeText("metrics/a.txt", "abc");
    String draft = ".tmp-" + run.attempt().id() + "-2-a.txt";
    Files.createSymbolicLink(directory.resolve("run/metrics/" + draft), Path.of("/dev/full"));
    run.keepTrying(Duration.ofHours(1));
    assertThatThrownBy(() -> run.writeText("metrics/a.txt", "longer"))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.STORAGE))
        .hasMessageContaining("No space left on device")
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(text("metrics/a.txt")).isEqualTo("abc");
    try (Stream<Path> files = Files.list(directory.resolve("run/metrics"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("a.txt");
    }
  }

  @Test
  void leavesNoChecksumSidecars() throws IOException {
    run.writeText("a.txt", "abc");
    run.markSuccess();
    try (Stream<Path> files = Files.list(directory.resolve("run"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.txt", "_SUCCESS");
    }
    assertThat(run.isComplete()).isTrue();
  }

  @Test
  void filesAreListedAndDeleted() {
    run.writeText("checkpoints/one/file", "1");
    assertThat(text("checkpoints/one/file")).isEqualTo("1");
    assertThat(run.list("checkpoints")).isEqualTo(List.of("one"));
    run.delete("checkpoints/one");
    assertThat(run.list("checkpoints")).isEmpty();
    run.delete("checkpoints/one");
    assertThat(run.list("nothing")).isEmpty();
  }

  @Test
  void provenanceKeepsTheOrderOfItsFacts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seed", 7);
    facts.put("checksums", Map.of("train", "abc"));
    facts.put("methods", List.of("mona"));
    Provenance.write(run, facts);
    assertThat(text("provenance.json").replaceAll("\\s", ""))
        .isEqualTo("{\"seed\":7,\"checksums\":{\"train\":\"abc\"},\"methods\":[\"mona\"]}");
    assertThat(Provenance.read(run).path("checksums").path("train").asText()).isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1]", "null"})
  void provenanceThatIsNoObjectIsRefused(String damaged) {
    run.writeText("provenance.json", damaged);
    assertThatThrownBy(() -> Provenance.read(run))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("provenance.json is not the JSON object of a run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/x", "a//b", "", "a/../../b", "a b"})
  void refusesNamesOutsideTheRun(String name) {
    assertThatThrownBy(() -> run.exists(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = "nosuchscheme://host/run")
  void anUnreachablePlaceIsTheUsersError(String location) {
    assertThatThrownBy(() -> RunDirectory.open(location, new Configuration()))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("cannot open " + location);
  }

  @Test
  void aMissingFileIsTheUsersError() {
    assertThatThrownBy(() -> text("missing.txt"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("cannot read " + run.location("missing.txt"));
  }

  private String text(String name) {
    return run.read(name, (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }
}
