package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.corpus.TagPooling;
import dev.mona.corpus.TokenizerLimits;
import org.junit.jupiter.api.Test;

class SourceConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().source())
        .isEqualTo(
            new SourceConfig(
                new SourceConfig.SourceSet(SourceConfig.Kind.WORDNET, "", TagPooling.SENTENCE),
                200,
                32,
                new TokenizerLimits(600, 2048),
                new SourceConfig.Probe(40, 20)));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "source.kind=parquet",
            "source.path=/texts",
            "source.pooling=span",
            "source.per-class=0",
            "source.max-tokens=64",
            "source.tokenizer.seconds=9",
            "source.tokenizer.memory=700",
            "source.probe.train-per-class=3",
            "source.probe.test-per-class=2");
    assertThat(config.source())
        .isEqualTo(
            new SourceConfig(
                new SourceConfig.SourceSet(SourceConfig.Kind.PARQUET, "/texts", TagPooling.SPAN),
                0,
                64,
                new TokenizerLimits(9, 700),
                new SourceConfig.Probe(3, 2)));
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "source.kind=csv",
        "source.pooling=token",
        "source.per-class=-1",
        "source.max-tokens=2",
        "source.tokenizer.seconds=0",
        "source.tokenizer.memory=511",
        "source.probe.train-per-class=0",
        "source.probe.test-per-class=0");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.kind=parquet")))
        .contains("source.path is empty: name the set of texts or images");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.path=/texts")))
        .contains("only read with source.kind = parquet: remove it");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.pooling=span")))
        .contains("source.pooling is \"span\"")
        .contains("only pools texts of source.kind = parquet: remove it");
    assertThatThrownBy(
            () -> new SourceConfig.SourceSet(SourceConfig.Kind.PARQUET, "", TagPooling.SENTENCE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new SourceConfig.SourceSet(SourceConfig.Kind.WORDNET, "", TagPooling.SPAN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
