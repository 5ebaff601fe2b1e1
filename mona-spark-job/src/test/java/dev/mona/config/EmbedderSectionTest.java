package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.embedder.EmbedderOptions;
import org.junit.jupiter.api.Test;

class EmbedderSectionTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().embedder())
        .isEqualTo(new EmbedderOptions(0, 64, EmbedderOptions.Init.PRETRAINED));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load(
                    "embedder.kernel=3", "embedder.target-length=20", "embedder.init=random")
                .embedder())
        .isEqualTo(new EmbedderOptions(3, 20, EmbedderOptions.Init.RANDOM));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "embedder.kernel=-1", "embedder.target-length=0", "embedder.init=zeros");
  }
}
