package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoppingConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().stopping()).isEqualTo(new StoppingConfig(0, 0));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load("stopping.patience=3", "stopping.minimum-improvement=1e-3")
                .stopping())
        .isEqualTo(new StoppingConfig(3, 0.001));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach("stopping.patience=-1", "stopping.minimum-improvement=-0.1");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("stopping.patience=2", "task.validation-fraction=0")))
        .contains("stopping.patience is 2", "task.validation-fraction is 0");
    assertThatThrownBy(() -> new StoppingConfig(-1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
