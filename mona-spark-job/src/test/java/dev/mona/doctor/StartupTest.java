package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about a process, from what it is given. */
class StartupTest {
  @TempDir private Path folder;

  private Startup with(int java, String user, String home, String temporary, String... scratch) {
    return new Startup(java, new Startup.User(user, home), temporary, "UTF-8", List.of(scratch));
  }

  private static List<Finding> findings(Startup startup) {
    Chart chart = new Chart();
    startup.examine(chart);
    return chart.findings();
  }

  @Test
  void aUsualProcessHasNothingWrong() {
    Startup usual =
        with(
            17,
            "anna",
            "/home/anna",
            folder.toString(),
            folder + "/not/yet/made",
            folder.toString());
    usual.require();
    assertThat(findings(usual)).isEmpty();
  }

  @Test
  void anotherJavaIsRefusedAndIsAProblem() {
    for (int java : new int[] {11, 21, 25}) {
      Startup other = with(java, "anna", "/home/anna", folder.toString());
      assertThatThrownBy(other::require)
          .isInstanceOfSatisfying(
              MonaException.class,
              e -> assertThat(e.category()).isEqualTo(MonaException.Category.ENVIRONMENT))
          .hasMessageStartingWith("mona needs JDK 17 and this is Java " + java + " (");
      assertThat(findings(other))
          .singleElement()
          .matches(finding -> finding.severity() == Finding.Severity.PROBLEM);
    }
  }

  @Test
  void foldersThatCannotBeWrittenAreNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(with(17, "anna", "/h", folder + "/none").problems())
        .singleElement()
        .asString()
        .contains(folder + "/none", "java.io.tmpdir");
    assertThat(with(17, "anna", "/h", file.toString()).problems()).hasSize(1);
    assertThat(with(17, "anna", "/h", folder.toString(), file + "/x").problems())
        .singleElement()
        .asString()
        .contains(file + "/x", "spark.local.dir");
  }

  @Test
  void aUserThatTheSystemDoesNotKnowIsSaid() {
    assertThat(findings(with(17, "?", "?", folder.toString())))
        .singleElement()
        .matches(finding -> finding.severity() == Finding.Severity.WARNING)
        .extracting(Finding::sentence)
        .asString()
        .contains("/etc/passwd");
  }

  @Test
  void anEncodingWithoutMostLettersIsSaid() {
    Startup c =
        new Startup(
            17,
            new Startup.User("anna", "/home/anna"),
            folder.toString(),
            "ANSI_X3.4-1968",
            List.of());
    assertThat(findings(c))
        .singleElement()
        .extracting(Finding::sentence)
        .asString()
        .contains("LC_ALL=C.UTF-8");
  }

  @Test
  void formatsAreThoseOfNoLanguage() {
    Locale before = Locale.getDefault(Locale.Category.FORMAT);
    try {
      Locale.setDefault(Locale.Category.FORMAT, new Locale("ar", "EG"));
      assertThat(String.format("%d", 17)).isEqualTo("\u0661\u0667");
      Startup.useRootFormats();
      assertThat(String.format("%d %.1f", 17, 1.5)).isEqualTo("17 1.5");
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, before);
    }
  }
}
