package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackboneConfigTest {
  @Test
  void defaults() {
    BackboneConfig backbone = ConfigFixture.load().backbone();
    assertThat(backbone).isEqualTo(new BackboneConfig("minilm"));
    assertThat(backbone.bundled()).isTrue();
  }

  @Test
  void fullMapping() {
    BackboneConfig backbone =
        ConfigFixture.load("backbone.weights=/models/roberta-base").backbone();
    assertThat(backbone).isEqualTo(new BackboneConfig("/models/roberta-base"));
    assertThat(backbone.bundled()).isFalse();
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach("backbone.weights=");
    assertThatThrownBy(() -> new BackboneConfig(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
