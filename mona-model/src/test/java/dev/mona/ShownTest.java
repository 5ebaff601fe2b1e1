package dev.mona;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTest {
  /** What ECMA-48, Unicode's bidirectional algorithm and its line breaking act on. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x07, 0x08, 0x0b, 0x0c, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0x9f, 0xad,
        0x061c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff,
        0xe0001, 0xd800, 0xdc00
      })
  void whatIsNotSeenIsANumber(int c) {
    String text = "a" + Character.toString(c) + "b";
    String number =
        c > 0xffff
            ? "\\u%04x\\u%04x"
                .formatted((int) Character.highSurrogate(c), (int) Character.lowSurrogate(c))
            : "\\u%04x".formatted(c);
    assertThat(Shown.line(text)).isEqualTo("a" + number + "b");
    assertThat(Shown.lines(text)).isEqualTo("a" + number + "b");
  }

  @Test
  void lineFeedsAndTabsStayInTextOfSeveralLines() {
    assertThat(Shown.line("a\n\tb\r\n")).isEqualTo("a\\u000a\\u0009b\\u000d\\u000a");
    assertThat(Shown.lines("a\n\tb\r\nc\rd\r")).isEqualTo("a\n\tb\r\nc\\u000dd\\u000d");
  }

  @Test
  void whatIsSeenStays() {
    String text = "Größe 猫 é 🐈 \u00a0<%html> \"'\\ ∇θ مرحبا";
    assertThat(Shown.line(text)).isEqualTo(text);
    assertThat(Shown.lines(text)).isEqualTo(text);
    assertThat(Shown.line("")).isEmpty();
  }
}
