package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTest {
  private static final Path COMMITTED = Path.of("..", "docs", "configuration.md");

  @Test
  void committedPageIsTheGeneratedOne() throws IOException {
    String generated = ConfigurationDocument.render();
    if (Boolean.getBoolean("mona.docs.write")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED)
        .as("stale: run this test with -Dmona.docs.write=true and commit the page")
        .hasContent(generated);
  }

  @Test
  void namesEveryKey() {
    String generated = ConfigurationDocument.render();
    assertThat(Schema.keys()).allSatisfy(key -> assertThat(generated).contains(key.path()));
  }

  /** A method that the scheduler does not know could not be asked for there. */
  @Test
  void theSchedulerOffersEveryMethod() throws IOException {
    String dag = Files.readString(Path.of("..", "deploy", "airflow", "mona_dag.py"));
    Matcher list = Pattern.compile("METHODS = \\[([^]]*)]").matcher(dag);
    assertThat(list.find()).isTrue();
    List<String> offered =
        Pattern.compile("\"([^\"]+)\"")
            .matcher(list.group(1))
            .results()
            .map(name -> name.group(1))
            .toList();
    assertThat(ConfigurationDocument.render())
        .contains("| `method` | choice | `\"mona\"` | " + String.join(", ", offered) + " |");
  }
}
