package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.nn.WindowFit;
import org.junit.jupiter.api.Test;

class BackboneConfigTest {
  @Test
  void defaults() {
    BackboneConfig backbone = ConfigFixture.load().backbone();
    assertThat(backbone).isEqualTo(new BackboneConfig("minilm", WindowFit.PADDED, 0));
    assertThat(backbone.bundled()).isTrue();
  }

  @Test
  void fullMapping() {
    BackboneConfig backbone =
        ConfigFixture.load(
                "backbone.weights=/models/roberta-base",
                "backbone.window=capped",
                "backbone.image-size=96")
            .backbone();
    assertThat(backbone)
        .isEqualTo(new BackboneConfig("/models/roberta-base", WindowFit.CAPPED, 96));
    assertThat(backbone.bundled()).isFalse();
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "backbone.weights=", "backbone.window=wide", "backbone.image-size=-1");
    assertThatThrownBy(() -> new BackboneConfig(" ", WindowFit.PADDED, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
