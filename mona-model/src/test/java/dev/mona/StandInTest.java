package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1\\noid sha256:ab\\nsize 9\\n"
            + "| is a pointer of Git LFS, not the file itself: fetch the file with git lfs pull",
        "<!DOCTYPE html><html>no</html> | is an HTML page, not the file itself",
        "\\n  <html lang=en> | is an HTML page, not the file itself",
        "\uFEFF<!doctype HTML> | is an HTML page, not the file itself",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error> | is an XML message"
      })
  void isNamedAsWhatItIs(String text, String problem) {
    byte[] content = text.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
    for (MonaException.Category category :
        new MonaException.Category[] {
          MonaException.Category.DATA, MonaException.Category.WEIGHTS
        }) {
      assertThatThrownBy(
              () -> StandIn.refuse(category, "a/file", new ByteArrayInputStream(content)))
          .isInstanceOfSatisfying(
              MonaException.class, e -> assertThat(e.category()).isEqualTo(category))
          .hasMessageStartingWith("a/file " + problem)
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "version 1 of a table", "fname,labels\n", "html"})
  void everythingElsePassesWhole(String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    assertThat(
            StandIn.refuse(MonaException.Category.DATA, "a/file", new ByteArrayInputStream(content))
                .readAllBytes())
        .isEqualTo(content);
  }

  @Test
  void longFilesPassWhole() throws IOException {
    byte[] content = new byte[5000];
    for (int k = 0; k < content.length; k++) {
      content[k] = (byte) (k * 7);
    }
    assertThat(
            StandIn.refuse(MonaException.Category.DATA, "a/file", new ByteArrayInputStream(content))
                .readAllBytes())
        .isEqualTo(content);
  }
}
