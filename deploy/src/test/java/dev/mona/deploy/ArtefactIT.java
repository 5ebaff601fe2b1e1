package dev.mona.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar that is submitted. */
@Tag("cluster")
class ArtefactIT {
  private static final long LARGEST = 300L << 20;

  @TempDir Path folder;

  @Test
  void noClassIsAlsoInSpark() throws IOException {
    Set<String> own = classes(Installation.jar());
    Set<String> twice = new TreeSet<>();
    try (Stream<Path> jars = Files.list(Installation.distribution("spark").resolve("jars"))) {
      for (Path jar : jars.sorted().toList()) {
        for (String name : classes(jar)) {
          if (own.contains(name)) {
            twice.add(name + " in " + jar.getFileName());
          }
        }
      }
    }
    assertThat(own).contains("dev/mona/cli/Main.class").hasSizeGreaterThan(1000);
    assertThat(twice).isEmpty();
  }

  @Test
  void onlyNativesOfOnePlatform() throws IOException {
    assertThat(Files.size(Installation.jar())).isLessThan(LARGEST);
    assertThat(entries(Installation.jar()).filter(name -> name.endsWith(".so")))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(name).containsPattern("linux-x86[-_]64"));
    assertThat(entries(Installation.jar()))
        .noneMatch(name -> name.endsWith(".dll") || name.endsWith(".dylib"));
  }

  @Test
  void librariesThatClashElsewhereAreRelocated() throws IOException {
    assertThat(classes(Installation.jar()))
        .contains("dev/mona/shaded/picocli/CommandLine.class")
        .filteredOn(name -> name.matches("(picocli|com/typesafe|com/google)/.*"))
        .isEmpty();
  }

  @Test
  void startsUnderSparkSubmitWithNothingBesideIt() {
    try (Running version =
        Running.start(
            folder.resolve("version.log"),
            Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
            List.of(
                Installation.sparkBin().resolve("spark-submit").toString(),
                "--master",
                "local[1]",
                Installation.jar().toString(),
                "--version"))) {
      assertThat(version.await(Duration.ofMinutes(1))).as(version::tail).isZero();
      assertThat(version.output()).containsPattern("MoNA on Spark \\d+\\.\\d+");
    }
  }

  private static Set<String> classes(Path jar) throws IOException {
    return entries(jar)
        .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
        .collect(Collectors.toSet());
  }

  private static Stream<String> entries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(entry -> entry.getName()).toList().stream();
    }
  }
}
