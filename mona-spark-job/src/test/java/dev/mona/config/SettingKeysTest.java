package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.mona.MonaException;
import dev.mona.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingKeysTest {
  /** Words with dots and hyphens between them, as keys have. */
  private static final Pattern DOTTED = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");

  @Test
  void aSentenceEndsWithTheKeysOfItsSettings() {
    assertThat(SettingKeys.sentence(MonaException.data("a label is 7, must be < 3: correct it")))
        .isEqualTo("a label is 7, must be < 3: correct it");
    assertThat(
            SettingKeys.sentence(
                MonaException.configuration(
                    "too many tokens: make fewer", Setting.KERNEL, Setting.TARGET_LENGTH)))
        .isEqualTo("too many tokens: make fewer (embedder.kernel, embedder.target-length)");
  }

  @ParameterizedTest
  @EnumSource
  void everySettingHasItsKey(Setting setting) {
    String sentence = SettingKeys.sentence(MonaException.configuration("no", setting));
    assertThat(Schema.keys())
        .filteredOn(key -> sentence.equals("no (" + key.path() + ")"))
        .hasSize(1);
  }

  /** Constants stand in class files as they are written. */
  @Test
  void theModelNamesNoKeys() throws IOException {
    Set<String> keys = new HashSet<>();
    Schema.keys().forEach(key -> keys.add(key.path()));
    assertThat(named(SettingKeys.class, keys)).contains("EmbedderSection: embedder.kernel");
    assertThat(named(MonaException.class, keys)).isEmpty();
  }

  /** Keys that occur in the classes beside one. */
  private static Set<String> named(Class<?> one, Set<String> keys) throws IOException {
    Set<String> found = new TreeSet<>();
    URL beside = one.getProtectionDomain().getCodeSource().getLocation();
    for (JavaClass type : new ClassFileImporter().importUrl(beside)) {
      try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
        Matcher words = DOTTED.matcher(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        while (words.find()) {
          if (keys.contains(words.group())) {
            found.add(type.getSimpleName() + ": " + words.group());
          }
        }
      }
    }
    return found;
  }
}
