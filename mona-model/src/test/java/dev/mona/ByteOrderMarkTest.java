package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteOrderMarkTest {
  @ParameterizedTest
  @CsvSource({
    "'\uFEFF{}', '{}'",
    "'{}', '{}'",
    "'\uFEFF', ''",
    "'', ''",
    "'é', 'é'",
    "'a\uFEFF', 'a\uFEFF'"
  })
  void onlyAMarkAtTheStartIsPassedOver(String text, String without) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] expected = without.getBytes(StandardCharsets.UTF_8);
    assertThat(ByteOrderMark.without(bytes)).isEqualTo(expected);
    assertThat(ByteOrderMark.without(text)).isEqualTo(without);
    assertThat(ByteOrderMark.without(new ByteArrayInputStream(bytes)).readAllBytes())
        .isEqualTo(expected);
  }
}
