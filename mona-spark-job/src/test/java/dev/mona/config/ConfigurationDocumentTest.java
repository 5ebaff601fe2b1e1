package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
