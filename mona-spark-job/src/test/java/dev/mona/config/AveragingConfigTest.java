package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Nesterov;
import dev.mona.rounds.OuterUpdate;
import dev.mona.rounds.Transport;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AveragingConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().averaging())
        .isEqualTo(
            new AveragingConfig(
                8, 262_144, Transport.AUTO, AveragingConfig.Plaintext.REFUSE, OuterUpdate.MEAN));
  }

  @Test
  void fullMapping() {
    assertThat(
            ConfigFixture.load(
                    "averaging.frequency=1",
                    "averaging.chunk-size=1024",
                    "averaging.transport=collective",
                    "averaging.collective.plaintext=allow",
                    "averaging.outer=nesterov",
                    "averaging.nesterov.rate=0.5",
                    "averaging.nesterov.momentum=0",
                    "averaging.moments=local")
                .averaging())
        .isEqualTo(
            new AveragingConfig(
                1,
                1024,
                Transport.COLLECTIVE,
                AveragingConfig.Plaintext.ALLOW,
                new OuterUpdate(new Nesterov(0.5, 0), OuterUpdate.Moments.LOCAL)));
  }

  /** Rate and momentum of Douillard et al. 2023, and a hash that older runs share. */
  @Test
  void theOuterStepIsThatOfDiLoCoAndDecidesTheResult() {
    MonaConfig mean = ConfigFixture.load();
    MonaConfig nesterov = ConfigFixture.load("averaging.outer=nesterov");
    assertThat(nesterov.averaging().outer().step()).isEqualTo(new Nesterov(0.7, 0.9));
    assertThat(nesterov.averaging().facts())
        .isEqualTo(
            Map.of(
                "frequency",
                8,
                "outer",
                "nesterov",
                "rate",
                0.7,
                "momentum",
                0.9,
                "moments",
                "average"));
    assertThat(mean.averaging().facts())
        .isEqualTo(Map.of("frequency", 8, "outer", "mean", "moments", "average"));
    assertThat(
            List.of(
                mean.hash(),
                nesterov.hash(),
                ConfigFixture.load("averaging.outer=nesterov", "averaging.nesterov.rate=1").hash(),
                ConfigFixture.load("averaging.moments=local").hash()))
        .doesNotHaveDuplicates();
    assertThat(ConfigFixture.load("averaging.outer=mean", "averaging.moments=average").hash())
        .isEqualTo(mean.hash());
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "averaging.frequency=0",
        "averaging.chunk-size=1023",
        "averaging.chunk-size=268435457",
        "averaging.transport=ring",
        "averaging.collective.plaintext=true",
        "averaging.outer=adam",
        "averaging.nesterov.rate=0",
        "averaging.nesterov.momentum=1",
        "averaging.moments=none");
    assertThatThrownBy(
            () ->
                new AveragingConfig(
                    0, 1024, Transport.AUTO, AveragingConfig.Plaintext.REFUSE, OuterUpdate.MEAN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
