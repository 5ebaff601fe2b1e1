package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts over a copy of the checkout that needs no build, with a java that only prints. */
class LaunchScriptsTest {
  private static final Path ROOT = Path.of("..");

  private static Path home;
  private static Path links;

  @BeforeAll
  static void copy(@TempDir Path scratch) throws IOException {
    home = scratch.resolve("home of mona");
    for (String script : scripts().toList()) {
      place(home.resolve(script), Files.readString(ROOT.resolve(script)));
    }
    for (String file :
        new String[] {
          "deploy/environment.sh",
          "mona-benchmarks/local-cluster.sh",
          "tools/chromium.py",
          "conf/clusters/local.conf"
        }) {
      place(home.resolve(file), Files.readString(ROOT.resolve(file)));
    }
    place(home.resolve("mona-spark-job/target/dist/complete"), "");
    links = Files.createDirectories(scratch.resolve("bin"));
  }

  private static void place(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static Stream<String> scripts() throws IOException {
    List<String> scripts = new ArrayList<>();
    for (String top : new String[] {"deploy", "mona-benchmarks", "python", "tools"}) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(top))) {
        files
            .filter(file -> !file.toString().contains("/target/"))
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .map(file -> ROOT.relativize(file).toString())
            .forEach(scripts::add);
      }
    }
    return scripts.stream().sorted();
  }

  /** A folder for JAVA_HOME whose java prints its locale and its arguments. */
  private static Path java(Path folder, String release) throws IOException {
    place(
        folder.resolve("bin/java"), "#!/bin/sh\necho \"locale=$LC_ALL\"\nprintf '%s\\n' \"$@\"\n");
    if (!release.isEmpty()) {
      Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + release + "\"\n");
    }
    return folder;
  }

  private record Ended(int code, String said) {}

  private static Ended run(Map<String, String> environment, String script, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MONA_"));
    builder.environment().remove("LC_ALL");
    builder.environment().putAll(environment);
    Process process = builder.directory(links.toFile()).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  private static String linked(String script) throws IOException {
    Path link = links.resolve(script.replace('/', '-'));
    if (!Files.exists(link)) {
      Path between =
          Files.createSymbolicLink(links.resolve("to-" + link.getFileName()), home.resolve(script));
      Files.createSymbolicLink(link, links.relativize(between));
    }
    return link.toString();
  }

  @Test
  void theLauncherStartsThroughLinksAndInUtf8(@TempDir Path scratch) throws Exception {
    Path java = java(scratch, "17.0.15");
    Ended ended =
        run(
            Map.of("JAVA_HOME", java.toString(), "LC_ALL", "C"),
            linked("deploy/local/mona"),
            "train",
            "--task",
            "a b");
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said())
        .startsWith("locale=C.UTF-8\n")
        .contains("\n" + home + "/mona-spark-job/target/dist/*:" + home)
        .endsWith("\n" + Main.class.getName() + "\ntrain\n--task\na b\n");
    Ended kept =
        run(Map.of("JAVA_HOME", java.toString(), "LC_ALL", "C.utf8"), linked("deploy/local/mona"));
    assertThat(kept.said()).startsWith("locale=C.utf8\n");
  }

  @Test
  void aMaskThatIsNoneIsNamed(@TempDir Path scratch) throws Exception {
    String java = java(scratch, "17.0.15").toString();
    for (String mask : new String[] {"u=rwx", "0999", "27"}) {
      assertThat(run(Map.of("JAVA_HOME", java, "MONA_UMASK", mask), linked("deploy/local/mona")))
          .isEqualTo(
              new Ended(
                  7,
                  "mona: MONA_UMASK is %s, must be three or four digits from 0 to 7\n"
                      .formatted(mask)));
    }
    assertThat(
            run(Map.of("JAVA_HOME", java, "MONA_UMASK", "077"), linked("deploy/local/mona")).code())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"25.0.1, 25", "21, 21", "11.0.22, 11", "1.8.0_392, 8"})
  void anotherJdkIsNamed(String release, String feature, @TempDir Path scratch) throws Exception {
    Path java = java(scratch, release);
    Ended ended = run(Map.of("JAVA_HOME", java.toString()), linked("deploy/local/mona"), "train");
    assertThat(ended)
        .isEqualTo(
            new Ended(
                7,
                "mona: mona needs JDK 17 and %s/bin/java is Java %s: set JAVA_HOME to a JDK 17\n"
                    .formatted(java, feature)));
  }

  @Test
  void aJdkWithoutReleaseFileIsAsked(@TempDir Path scratch) throws Exception {
    place(
        scratch.resolve("bin/java"),
        "#!/bin/sh\necho 'Picked up JAVA_TOOL_OPTIONS: -Dx=25' >&2\necho 'openjdk version \"24.0.2\" 2025-07-15' >&2\n");
    Ended ended = run(Map.of("JAVA_HOME", scratch.toString()), linked("deploy/local/mona"));
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.said()).contains("is Java 24: ");
  }

  /** All but those that hand the question on: the launcher to Java, spark-submit to Spark. */
  static Stream<String> scriptsWithHelp() throws IOException {
    return scripts()
        .filter(script -> !script.equals("deploy/local/mona"))
        .filter(script -> !script.endsWith("/spark-submit"));
  }

  @ParameterizedTest
  @MethodSource("scriptsWithHelp")
  void helpIsTheHeadOfTheScript(String script) throws Exception {
    Assumptions.assumeTrue(!script.endsWith(".py") || onPath("python3"), "there is no python3");
    for (String option : new String[] {"--help", "-h"}) {
      Ended ended = run(Map.of(), linked(script), option);
      assertThat(ended.code()).as(ended.said()).isZero();
      assertThat(ended.said()).contains("\n  ", script.substring(script.lastIndexOf('/') + 1));
      assertThat(ended.said()).doesNotContain("#!", "set -euo");
    }
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Test
  void theLauncherAsksJavaForHelp(@TempDir Path scratch) throws Exception {
    Path java = java(scratch, "17.0.15");
    Ended ended = run(Map.of("JAVA_HOME", java.toString()), linked("deploy/local/mona"), "--help");
    assertThat(ended.said()).endsWith("\n" + Main.class.getName() + "\n--help\n");
  }

  /** What asks where it lies follows links first. */
  @ParameterizedTest
  @MethodSource("scripts")
  void everyScriptFollowsLinks(String script) throws IOException {
    assertThat(Files.readString(ROOT.resolve(script)).lines())
        .filteredOn(line -> line.contains("BASH_SOURCE") || line.contains("dirname \"$0\""))
        .allMatch(line -> line.contains("readlink -f"));
  }
}
