package dev.mona.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.device.JvmFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LauncherTest {
  private static final Path ROOT = Path.of("..");

  private static List<String> find(String file, String pattern) throws IOException {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(ROOT.resolve(file)))
        .results()
        .map((MatchResult r) -> r.group(1))
        .toList();
  }

  @Test
  void opensWhatTheBuildOpens() throws IOException {
    assertThat(find("deploy/local/mona", "^  (java\\.\\S+/\\S+)$"))
        .isNotEmpty()
        .isEqualTo(find("pom.xml", "--add-opens=(\\S+)=ALL-UNNAMED"));
  }

  @Test
  void theJobKnowsTheSamePackages() throws IOException {
    assertThat(find("pom.xml", "--add-opens=(\\S+)=ALL-UNNAMED")).isEqualTo(JvmFlags.OPENS);
  }

  @Test
  void thePythonPackageOpensThemToo() throws IOException {
    assertThat(find("python/src/mona_spark/_session.py", "--add-opens=(\\S+)=ALL-UNNAMED"))
        .isEqualTo(JvmFlags.OPENS);
  }

  @Test
  void thePythonPackageIsTestedWithTheSparkOfTheBuild() throws IOException {
    assertThat(find("python/tests/requirements.txt", "^pyspark==(\\S+)$"))
        .isEqualTo(find("pom.xml", "<spark.version>(\\S+)</spark.version>"));
  }

  @Test
  void runsTheMainClass() throws IOException {
    assertThat(find("deploy/local/mona", "(\\S+) \\$\\{command\\[@\\]"))
        .containsExactly(Main.class.getName());
  }
}
