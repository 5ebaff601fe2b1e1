package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestKeyTest {
  @Test
  void distanceCountsEdits() {
    assertThat(NearestKey.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearestKey.distance("", "abc")).isEqualTo(3);
    assertThat(NearestKey.distance("abc", "abc")).isZero();
    assertThat(NearestKey.distance("abcd", "acbd")).isEqualTo(2);
  }

  @Test
  void findsTypingErrorsAndForgottenLevels() {
    List<String> known = List.of("alignment.alpha", "alignment.strength.ratio", "run.seed");
    assertThat(NearestKey.to("alignment.alhpa", known)).hasValue("alignment.alpha");
    assertThat(NearestKey.to("aligment.alpha", known)).hasValue("alignment.alpha");
    assertThat(NearestKey.to("alignment.ratio", known)).hasValue("alignment.strength.ratio");
    assertThat(NearestKey.to("something.else", known)).isEmpty();
  }
}
