package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedTest {
  @Test
  void namesStayAsTheyAre() {
    assertThat(Quoted.of("encoder.layer.0 [3, 4] <f4 é 语"))
        .isEqualTo("'encoder.layer.0 [3, 4] <f4 é 语'");
    assertThat(Quoted.of("")).isEqualTo("''");
  }

  /** Line ends, terminal codes, marks that turn the writing direction, and half of a pair. */
  @ParameterizedTest
  @ValueSource(ints = {0, '\n', '\r', '\t', 0x1b, 0x2028, 0x202e, 0x200b, 0xd83d})
  void whatWouldChangeTheLineDoesNotGetThrough(int character) {
    assertThat(Quoted.of("a" + (char) character + "b")).isEqualTo("'a?b'");
  }

  @Test
  void longTextIsCut() {
    assertThat(Quoted.of("x".repeat(120))).isEqualTo("'" + "x".repeat(120) + "'");
    assertThat(Quoted.of("x".repeat(121))).isEqualTo("'" + "x".repeat(120) + "...'");
  }
}
