package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SourceConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().source())
        .isEqualTo(new SourceConfig(SourceConfig.Kind.WORDNET, "", 200, 32, 40, 20));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "source.kind=parquet",
            "source.path=/texts",
            "source.per-class=0",
            "source.max-tokens=64",
            "source.probe.train-per-class=3",
            "source.probe.test-per-class=2");
    assertThat(config.source())
        .isEqualTo(new SourceConfig(SourceConfig.Kind.PARQUET, "/texts", 0, 64, 3, 2));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "source.kind=csv",
        "source.per-class=-1",
        "source.max-tokens=2",
        "source.probe.train-per-class=0",
        "source.probe.test-per-class=0");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.kind=parquet")))
        .contains("source.path is empty: name the text set");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.path=/texts")))
        .contains("only read with source.kind = parquet: remove it");
    assertThatThrownBy(() -> new SourceConfig(SourceConfig.Kind.PARQUET, "", 0, 32, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
