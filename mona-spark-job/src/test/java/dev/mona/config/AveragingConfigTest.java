package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.rounds.Transport;
import org.junit.jupiter.api.Test;

class AveragingConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().averaging())
        .isEqualTo(
            new AveragingConfig(8, 262_144, Transport.AUTO, AveragingConfig.Plaintext.REFUSE));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load(
                    "averaging.frequency=1",
                    "averaging.chunk-size=1024",
                    "averaging.transport=collective",
                    "averaging.collective.plaintext=allow")
                .averaging())
        .isEqualTo(
            new AveragingConfig(1, 1024, Transport.COLLECTIVE, AveragingConfig.Plaintext.ALLOW));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "averaging.frequency=0",
        "averaging.chunk-size=1023",
        "averaging.chunk-size=268435457",
        "averaging.transport=ring",
        "averaging.collective.plaintext=true");
    assertThatThrownBy(
            () -> new AveragingConfig(0, 1024, Transport.AUTO, AveragingConfig.Plaintext.REFUSE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
