package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.hypergradient.Estimator;
import dev.mona.learner.Alignment;
import dev.mona.learner.Replay;
import dev.mona.learner.SourceOptions;
import dev.mona.metalearning.MetaStepOptions;
import dev.mona.metalearning.MetaStepOptions.HeadGradient;
import dev.mona.metalearning.OuterData;
import dev.mona.metalearning.OuterPoint;
import dev.mona.metalearning.Preconditioning;
import dev.mona.metalearning.Strength;
import dev.mona.metalearning.VirtualSteps;
import dev.mona.objective.OuterOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import org.junit.jupiter.api.Test;

class AlignmentSectionTest {
  private static MetaStepOptions step(String... assignments) {
    return ConfigFixture.load(assignments).training().bilevel().step();
  }

  private static SourceOptions source(MonaConfig config) {
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    return config.learnerOptions(task).source();
  }

  @Test
  void defaultsAreThoseOfTheMethod() {
    MonaConfig config = ConfigFixture.load();
    assertThat(config.training().bilevel())
        .isEqualTo(
            new Alignment.Bilevel(
                new MetaStepOptions(
                    new Strength.Ratio(0.05, 1),
                    Estimator.EXACT,
                    new OuterPoint.Virtual(1),
                    HeadGradient.INNER),
                false));
    assertThat(config.training().transport()).isEqualTo(new Alignment.Transport(512, 0.1, 10));
    assertThat(source(config))
        .isEqualTo(
            new SourceOptions(
                16,
                4,
                new OuterOptions(OuterOptions.Kind.ALIGNMENT_UNIFORMITY, 2, 0.1),
                0.05,
                Replay.NONE));
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
            "alignment.source-batch.count=2",
            "alignment.outer-gradient-reuse=6",
            "alignment.head-gradient=full",
            "alignment.transport.source-samples=64",
            "alignment.transport.regularisation=0.5",
            "alignment.transport.clusters=4",
            "finetuning.replay.weight=0.3",
            "finetuning.replay.every=2");
    assertThat(config.training().bilevel())
        .isEqualTo(
            new Alignment.Bilevel(
                new MetaStepOptions(
                    new Strength.Lambda(0.02, 0.3),
                    Estimator.EXACT,
                    new OuterPoint.Pretrained(6),
                    HeadGradient.FULL,
                    2),
                false));
    assertThat(config.training().transport()).isEqualTo(new Alignment.Transport(64, 0.5, 4));
    assertThat(source(config))
        .isEqualTo(
            new SourceOptions(
                8,
                5,
                new OuterOptions(OuterOptions.Kind.SUPERVISED_CONTRASTIVE, 3, 0.2),
                0.02,
                new Replay(0.3, 2)));
  }

  @Test
  void eachNameOfAnEstimatorSaysHowAndWhere() {
    MetaStepOptions exact = step("alignment.inner-steps=3");
    assertThat(exact.estimator()).isEqualTo(Estimator.EXACT);
    assertThat(exact.point()).isEqualTo(new OuterPoint.Virtual(3));
    MetaStepOptions difference = step("alignment.estimator=finite-difference");
    assertThat(difference.estimator()).isEqualTo(Estimator.FINITE_DIFFERENCE);
    assertThat(difference.point()).isEqualTo(new OuterPoint.Virtual(1));
    MetaStepOptions alignment = step("alignment.estimator=gradient-alignment");
    assertThat(alignment.estimator()).isEqualTo(Estimator.EXACT);
    assertThat(alignment.point()).isEqualTo(new OuterPoint.Pretrained(1));
  }

  @Test
  void optionsOfTheVirtualStep() {
    MetaStepOptions all =
        step(
            "alignment.inner-steps=3",
            "alignment.virtual-step=preconditioned",
            "alignment.preconditioner.decay=0.9",
            "alignment.preconditioner.epsilon=1e-6",
            "alignment.virtual-steps.batches=new",
            "alignment.outer.data=target");
    assertThat(all)
        .isEqualTo(
            new MetaStepOptions(
                new Strength.Ratio(0.05, 1),
                Estimator.EXACT,
                new VirtualSteps(new OuterPoint.Virtual(3, true), new Preconditioning(0.9, 1e-6)),
                HeadGradient.INNER,
                new OuterData.HeldOut()));
    assertThat(all.moreTargetBatches()).isEqualTo(3);
    assertThat(step("alignment.virtual-step=preconditioned").virtual().preconditioning())
        .isEqualTo(new Preconditioning(0.999, 1e-8));
    assertThat(step().moreTargetBatches()).isZero();
  }

  @Test
  void impossibleVirtualSteps() {
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("alignment.virtual-steps.batches=new")))
        .contains(
            "alignment.virtual-steps.batches is \"new\"",
            "alignment.inner-steps is 1",
            "there is no second virtual step");
    assertThat(refusal("alignment.estimator=gradient-alignment"))
        .contains("alignment.outer.data is \"target\"", "depends on the embedder");
    assertThat(refusal("alignment.source-batch.count=2"))
        .contains("reads no source batch, leave it at 1");
    assertThat(refusal("method=mona-shuffled")).contains("no source labels that could be shuffled");
  }

  /** With an outer loss on the target. */
  private static String refusal(String assignment) {
    return ConfigFixture.refusal(ConfigFixture.layers("alignment.outer.data=target", assignment));
  }

  @Test
  void theModeSaysWhichStrengthIsRead() {
    assertThat(step("alignment.strength.ratio=0.7", "alignment.alpha=0.02").strength())
        .isEqualTo(new Strength.Ratio(0.02, 0.7));
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
        "alignment.virtual-step=adam",
        "alignment.preconditioner.decay=1",
        "alignment.preconditioner.epsilon=0",
        "alignment.virtual-steps.batches=other",
        "alignment.outer.data=both",
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
