package dev.mona.config;

import dev.mona.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Damaged configurations, a user's own and those that runs store. */
class ConfigFuzzTest {
  private static final String STORED =
      """
      {"task": {"name": "a", "data": "file:/data/a"}, "run": {"seed": 7},
       "source": {"per-class": 20}, "alignment": {"epochs": 3}}
      """;

  @Test
  void storedConfigurations() {
    Fuzz.text("config.conf")
        .seed(STORED.getBytes(StandardCharsets.UTF_8))
        .lists()
        .slow(2)
        .check(file -> ConfigLayers.start().stored("a file", text(file)).load());
  }

  @Test
  void ownConfigurations() throws IOException {
    Fuzz.text("own.conf")
        .seed(Files.readAllBytes(Path.of("../conf/tasks/dna_splice.conf")))
        .lists()
        .slow(2)
        .check(file -> ConfigLayers.start().text("a file", text(file)).load());
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.UTF_8);
  }
}
