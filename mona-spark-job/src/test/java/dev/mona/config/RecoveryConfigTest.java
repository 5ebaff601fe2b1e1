package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecoveryConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().recovery())
        .isEqualTo(
            new RecoveryConfig(
                0,
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10)));
  }

  @Test
  void fullMappingThatChangesNoResult() {
    MonaConfig config =
        ConfigFixture.load(
            "checkpoint.every-rounds=3",
            "checkpoint.every-minutes=0",
            "run.stop-seconds=1.5",
            "run.stall-minutes=0.05",
            "run.retry-minutes=1e300");
    assertThat(config.recovery())
        .isEqualTo(
            new RecoveryConfig(
                3,
                Duration.ZERO,
                Duration.ofMillis(1500),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3_000_000_000L)));
    assertThat(config.hash()).isEqualTo(ConfigFixture.load().hash());
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "checkpoint.every-rounds=-1",
        "checkpoint.every-minutes=-0.1",
        "run.stop-seconds=-1",
        "run.stall-minutes=soon",
        "run.retry-minutes=-1");
    assertThatThrownBy(
            () ->
                new RecoveryConfig(-1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
