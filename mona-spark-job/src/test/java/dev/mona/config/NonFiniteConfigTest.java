package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.NonFinite;
import org.junit.jupiter.api.Test;

class NonFiniteConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().nonFinite()).isEqualTo(new NonFiniteConfig(NonFinite.STOP, 10));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load("training.non-finite=skip", "training.non-finite-limit=0")
                .nonFinite())
        .isEqualTo(new NonFiniteConfig(NonFinite.SKIP, 0));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach("training.non-finite=ignore", "training.non-finite-limit=-1");
  }
}
