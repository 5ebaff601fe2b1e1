package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.cli.failure.ExitCode;
import dev.mona.example.SmallEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in processes that are started in unusual ways. */
class OddProcessTest {
  private static final Path LOGS =
      Path.of("../conf/log4j2.properties").toAbsolutePath().normalize();
  private static final String FILE = "encoder/model.safetensors";

  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void write() throws IOException {
    SmallEncoder.write(folder.resolve("encoder"), 1);
  }

  /**
   * Runs a line of bash in the folder, in which {@code $JAVA} starts the program.
   *
   * @param options of the JVM
   */
  private Ended run(String line, String... options) throws Exception {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    java.add("-Djava.io.tmpdir=" + folder);
    java.add("-Dlog4j2.configurationFile=" + LOGS);
    java.addAll(List.of(options));
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", line);
    // what Java says of them would come before its own words
    builder
        .environment()
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    builder.environment().put("JAVA", String.join(" ", java));
    builder.environment().put("LC_ALL", "C.UTF-8");
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      Process process =
          builder
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return new Ended(process.exitValue(), text(out), text(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static boolean namespacesAreAllowed() throws Exception {
    Process process = new ProcessBuilder("unshare", "--user", "--map-user=12345", "true").start();
    return process.waitFor() == 0;
  }

  /** As in a container that runs under a number of its own; without user namespaces, pretended. */
  @Test
  void aUserWithoutEntryAndHomeWorks() throws Exception {
    Ended ended;
    try {
      ended =
          namespacesAreAllowed()
              ? run("exec unshare --user --map-user=12345 env -u HOME $JAVA inspect " + FILE)
              : run("exec env -u HOME $JAVA inspect " + FILE, "-Duser.name=?", "-Duser.home=?");
    } catch (IOException e) { // no unshare here
      ended = run("exec env -u HOME $JAVA inspect " + FILE, "-Duser.name=?", "-Duser.home=?");
    }
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("tensors");
    assertThat(left()).contains("encoder").doesNotContain("?").hasSize(2);
  }

  @Test
  void digitsAreThoseOfNoLanguage() throws Exception {
    Ended usual = run("exec $JAVA inspect " + FILE);
    Ended arabic = run("exec $JAVA inspect " + FILE, "-Duser.language=ar", "-Duser.country=EG");
    assertThat(usual.out()).containsPattern("[0-9]");
    assertThat(arabic).isEqualTo(usual);
  }

  /** Such a file can be read once, and has no length. */
  @Test
  void aConfigurationMayComeOutOfAPipe() throws Exception {
    Ended ended =
        run(
            "exec $JAVA validate --config-only --config <(echo 'task { name = t, data = d }, run.seed = 6')");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("seed = 6");
  }

  @Test
  void aNameThatTheLocaleCannotSpellIsASentence() throws Exception {
    Ended ended =
        run(
            "e=$(printf 'donn\\303\\251es'); LC_ALL=C exec $JAVA convert \"$e/in\" --output \"$e/out\"");
    assertThat(ended.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    assertThat(ended.err()).startsWith("mona: ").contains("LC_ALL=C.UTF-8").doesNotContain("\tat ");
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(left()).containsExactly("encoder");
  }

  @Test
  void aTemporaryFolderThatIsNotThereIsASentence() throws Exception {
    Ended ended = run("exec $JAVA inspect " + FILE, "-Djava.io.tmpdir=" + folder + "/none");
    assertThat(ended.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    assertThat(ended.err()).contains(folder + "/none is none that this user can write");
    assertThat(run("exec $JAVA --version", "-Djava.io.tmpdir=" + folder + "/none").code()).isZero();
  }
}
