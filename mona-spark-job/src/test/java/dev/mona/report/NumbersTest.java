package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0000",
    "0.5, 0.5000",
    "0.089214, 0.08921",
    "0.00012344, 0.0001234",
    "0.0000123456, 1.235e-05",
    "1, 1.000",
    "-12.3456, -12.35",
    "1234.5, 1235",
    "99999.6, 100000",
    "1234567, 1.235e+06",
    "NaN, -",
    "-Infinity, -inf"
  })
  void fourSignificantDigits(double value, String text) {
    assertThat(Numbers.significant(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0s", "59.4, 59s", "60, 1m00s", "187, 3m07s", "7500, 2h05m", "NaN, -"})
  void durations(double seconds, String text) {
    assertThat(Numbers.duration(seconds)).isEqualTo(text);
  }

  @Test
  void localeDoesNotMatter() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertThat(Numbers.significant(1.5)).isEqualTo("1.500");
    assertThat(Numbers.duration(65)).isEqualTo("1m05s");
  }
}
