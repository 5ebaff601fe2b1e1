package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.hypergradient.Estimator;
import dev.mona.learner.AlignmentOptions;
import dev.mona.learner.TransportOptions;
import dev.mona.objective.OuterOptions;
import org.junit.jupiter.api.Test;

class AlignmentSectionTest {
  @Test
  void defaultsAreThoseOfTheMethod() {
    MonaConfig config = ConfigFixture.load();
    assertThat(config.alignment())
        .isEqualTo(
            new AlignmentOptions(
                config.alignment().stage(),
                AlignmentOptions.Objective.BILEVEL,
                0.05,
                AlignmentOptions.Strength.RATIO,
                0.5,
                1,
                Estimator.EXACT,
                1,
                new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1),
                16,
                4,
                1,
                AlignmentOptions.HeadGradient.INNER,
                false,
                new TransportOptions(512, 0.1, 10)));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "alignment.alpha=0.02",
            "alignment.strength.mode=lambda",
            "alignment.strength.lambda=0.3",
            "alignment.strength.ratio=0.7",
            "alignment.estimator=gradient-alignment",
            "alignment.outer.loss=supcon",
            "alignment.outer.temperature=3",
            "alignment.outer.tau=0.2",
            "alignment.source-batch.classes=8",
            "alignment.source-batch.samples-per-class=5",
            "alignment.outer-gradient-reuse=6",
            "alignment.head-gradient=full",
            "alignment.transport.source-samples=64",
            "alignment.transport.regularisation=0.5",
            "alignment.transport.clusters=4");
    assertThat(config.alignment())
        .isEqualTo(
            new AlignmentOptions(
                config.alignment().stage(),
                AlignmentOptions.Objective.BILEVEL,
                0.02,
                AlignmentOptions.Strength.LAMBDA,
                0.3,
                0.7,
                Estimator.GRADIENT_ALIGNMENT,
                1,
                new OuterOptions(OuterOptions.Kind.SUPERVISED_CONTRASTIVE, 3, 0.2),
                8,
                5,
                6,
                AlignmentOptions.HeadGradient.FULL,
                false,
                new TransportOptions(64, 0.5, 4)));
    assertThat(ConfigFixture.load("alignment.inner-steps=3").alignment().innerSteps()).isEqualTo(3);
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "alignment.alpha=0",
        "alignment.strength.mode=fixed",
        "alignment.strength.lambda=-1",
        "alignment.strength.ratio=-1",
        "alignment.estimator=first-order",
        "alignment.inner-steps=0",
        "alignment.outer.loss=triplet",
        "alignment.outer.temperature=0",
        "alignment.outer.tau=0",
        "alignment.source-batch.classes=1",
        "alignment.source-batch.samples-per-class=1",
        "alignment.outer-gradient-reuse=0",
        "alignment.head-gradient=outer",
        "alignment.transport.source-samples=1",
        "alignment.transport.regularisation=0",
        "alignment.transport.clusters=1");
  }

  @Test
  void impossibleCombinations() {
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("alignment.outer-gradient-reuse=2")))
        .contains(
            "alignment.outer-gradient-reuse is 2",
            "alignment.estimator is \"exact\"",
            "only gradient-alignment can reuse an outer gradient");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    "alignment.inner-steps=2", "alignment.estimator=finite-difference")))
        .contains("only exact can unroll several inner steps");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("alignment.source-batch.classes=46")))
        .contains("more than the 45 classes of wordnet");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("source.per-class=3")))
        .contains("alignment.source-batch.samples-per-class is 4", "more than the 3 texts");
  }
}
