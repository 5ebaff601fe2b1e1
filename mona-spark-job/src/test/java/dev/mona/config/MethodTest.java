package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.adapter.LoraOptions;
import dev.mona.adapter.LoraOptions.Projections;
import dev.mona.learner.Alignment;
import dev.mona.learner.FinetuneScope;
import dev.mona.learner.FinetuningOptions;
import dev.mona.learner.Stage;
import dev.mona.learner.StagePlan;
import dev.mona.learner.Stages;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.WeightAverage;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MethodTest {
  private static MonaConfig config(Method method, String... more) {
    ConfigLayers layers =
        ConfigFixture.layers(
            "method=" + method.id(),
            "warmup.epochs=3",
            "alignment.epochs=4",
            "finetuning.epochs=8");
    for (String assignment : more) {
      layers.set(assignment);
    }
    return layers.load();
  }

  private static List<Integer> epochs(StagePlan plan) {
    Stages stages = plan.stages();
    return List.of(
        stages.warmup().epochs(), stages.alignment().epochs(), stages.finetuning().epochs());
  }

  @ParameterizedTest
  @EnumSource
  void everyMethodPassesOverTheDataEquallyOften(Method method) {
    assertThat(config(method).plan().stages().epochs()).isEqualTo(15);
  }

  @Test
  void epochsOfEachMethod() {
    assertThat(epochs(config(Method.MONA).plan())).containsExactly(3, 4, 8);
    assertThat(epochs(config(Method.MONA_SHUFFLED).plan())).containsExactly(3, 4, 8);
    assertThat(epochs(config(Method.WARMUP_FINETUNE).plan())).containsExactly(3, 4, 8);
    assertThat(epochs(config(Method.FINETUNE).plan())).containsExactly(0, 0, 15);
    assertThat(epochs(config(Method.ORCA).plan())).containsExactly(0, 4, 11);
    assertThat(epochs(config(Method.LAYERNORM).plan())).containsExactly(0, 0, 15);
    assertThat(epochs(config(Method.SCRATCH).plan())).containsExactly(0, 0, 15);
  }

  /** All that is missing is the outer signal, however its strength is given. */
  @Test
  void warmupFinetuneIsMonaWithoutTheOuterSignal() {
    String lambda = "alignment.strength.mode=lambda";
    assertThat(config(Method.WARMUP_FINETUNE, "alignment.strength.lambda=0").plan())
        .isEqualTo(
            config(Method.MONA, "alignment.strength.ratio=0", "alignment.strength.lambda=0")
                .plan());
    assertThat(config(Method.WARMUP_FINETUNE, lambda, "alignment.strength.ratio=0").plan())
        .isEqualTo(
            config(Method.MONA, lambda, "alignment.strength.ratio=0", "alignment.strength.lambda=0")
                .plan());
  }

  @Test
  void onlyTheControlShufflesLabels() {
    for (Method method : Method.values()) {
      assertThat(
              config(method).plan().alignment() instanceof Alignment.Bilevel bilevel
                  && bilevel.shuffledLabels())
          .as(method.id())
          .isEqualTo(method == Method.MONA_SHUFFLED);
    }
  }

  @Test
  void onlyOrcaAlignsByTransport() {
    for (Method method : Method.values()) {
      assertThat(config(method).plan().alignment())
          .as(method.id())
          .isInstanceOf(
              method == Method.ORCA ? Alignment.Transport.class : Alignment.Bilevel.class);
    }
    TaskSpec spec = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    assertThat(config(Method.ORCA).learnerOptions(spec).plan().transports()).isTrue();
    assertThat(config(Method.MONA).learnerOptions(spec).plan().transports()).isFalse();
  }

  @Test
  void onlyTheFrozenTransformerHasAScopeOfItsOwn() {
    for (Method method : Method.values()) {
      assertThat(config(method).plan().finetuning().scope())
          .as(method.id())
          .isEqualTo(method == Method.LAYERNORM ? FinetuneScope.LAYER_NORM : FinetuneScope.ALL);
    }
    assertThat(config(Method.ORCA, "finetuning.scope=non-attention").plan().finetuning().scope())
        .isEqualTo(FinetuneScope.NON_ATTENTION);
    TaskSpec spec = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    assertThat(config(Method.LAYERNORM).learnerOptions(spec).plan().finetuning().scope())
        .isEqualTo(FinetuneScope.LAYER_NORM);
  }

  @Test
  void aScopeThatAMethodDoesNotHaveIsRefused() {
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("method=scratch", "finetuning.scope=layernorm")))
        .contains(
            "method is \"scratch\"", "finetuning.scope is \"layernorm\"", "leave the scope at all");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("method=layernorm", "finetuning.scope=non-attention")))
        .contains("leave the scope at all");
  }

  @Test
  void adaptersAreTrainedByMethodsThatFinetuneTheWholeEncoder() {
    for (Method method : Method.values()) {
      if (method != Method.SCRATCH && method != Method.LAYERNORM) {
        assertThat(config(method, "finetuning.adapter=lora").plan().finetuning())
            .as(method.id())
            .isEqualTo(
                new FinetuningOptions(
                    FinetuneScope.ALL, 0, 0, 1, new LoraOptions(8, 2, Projections.QUERY_VALUE)));
      }
    }
    MonaConfig other =
        config(
            Method.MONA,
            "finetuning.adapter=lora",
            "finetuning.lora.rank=3",
            "finetuning.lora.scale=0.5",
            "finetuning.lora.projections=all");
    assertThat(other.plan().finetuning().lora())
        .isEqualTo(new LoraOptions(3, 0.5, Projections.ALL));
    assertThat(config(Method.MONA).plan().finetuning().lora()).isNull();
    assertThat(other.hash()).isNotEqualTo(config(Method.MONA).hash());
    for (String refused : List.of("method=scratch", "method=layernorm")) {
      assertThat(ConfigFixture.refusal(ConfigFixture.layers(refused, "finetuning.adapter=lora")))
          .contains("finetuning.adapter is \"lora\"", "take another method or none");
    }
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("finetuning.scope=non-attention", "finetuning.adapter=lora")))
        .contains("finetuning.scope is \"non-attention\"", "leave the scope at all");
  }

  @Test
  void theDecayOfLayersIsOfTheFinetuningAlone() {
    assertThat(config(Method.MONA).plan().finetuning().layerDecay()).isEqualTo(1);
    assertThat(
            config(Method.FINETUNE, "finetuning.optimizer.layer-decay=0.8")
                .plan()
                .finetuning()
                .layerDecay())
        .isEqualTo(0.8);
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("finetuning.optimizer.layer-decay=0")))
        .contains("finetuning.optimizer.layer-decay");
  }

  @Test
  void theAverageIsOfTheFinetuningAlone() {
    for (Method method : Method.values()) {
      Stages plain = config(method).plan().stages();
      Stages averaged = config(method, "finetuning.ema=0.999").plan().stages();
      assertThat(averaged.warmup()).isEqualTo(plain.warmup());
      assertThat(averaged.alignment()).isEqualTo(plain.alignment());
      assertThat(plain.finetuning().optimizer().average()).isNull();
      assertThat(averaged.finetuning().optimizer().average())
          .as(method.id())
          .isEqualTo(new WeightAverage(0.999));
      assertThat(averaged.finetuning().with(null)).isEqualTo(plain.finetuning());
    }
    assertThat(config(Method.MONA, "finetuning.ema=0.9").hash())
        .isNotEqualTo(config(Method.MONA).hash());
    assertThat(config(Method.MONA, "finetuning.ema=0").hash())
        .isEqualTo(config(Method.MONA).hash());
    assertThat(ConfigFixture.load("finetuning.ema=1").plan().stages().finetuning().optimizer())
        .extracting(OptimizerOptions::average)
        .isEqualTo(new WeightAverage(1));
    ConfigFixture.refusesEach("finetuning.ema=-0.1", "finetuning.ema=1.01", "finetuning.ema=NaN");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("finetuning.ema=99.9")))
        .contains("must be a number >= 0 and <= 1");
  }

  @Test
  void thePullIsTowardsAPretrainedEncoderThatMoves() {
    assertThat(config(Method.MONA).plan().finetuning().pull()).isZero();
    assertThat(config(Method.LAYERNORM, "finetuning.l2-sp=0.1").plan().finetuning().pull())
        .isEqualTo(0.1);
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("method=scratch", "finetuning.l2-sp=1")))
        .contains("nothing pretrained", "leave it at 0");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("finetuning.adapter=lora", "finetuning.l2-sp=1")))
        .contains("the encoder stays where it is");
  }

  @Test
  void decayEndsLaterByTheEpochsThatAStageTakesOver() {
    StagePlan plan =
        config(
                Method.FINETUNE,
                "finetuning.schedule.warmup-epochs=1",
                "finetuning.schedule.decay-epochs=8")
            .plan();
    assertThat(plan.stages().finetuning().schedule()).isEqualTo(new ScheduleOptions(1, 15));
    assertThat(config(Method.FINETUNE).plan().stages().finetuning().schedule())
        .isEqualTo(new ScheduleOptions(0, 0));
  }

  @Test
  void learnerGetsThePlanOfTheMethod() {
    MonaConfig config = config(Method.FINETUNE, "run.seed=7");
    TaskSpec spec = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(4, 60), 3);
    assertThat(config.learnerOptions(spec).seed()).isEqualTo(7);
    assertThat(config.learnerOptions(spec).stage(Stage.FINETUNING).epochs()).isEqualTo(15);
    assertThat(config.learnerOptions(spec).stage(Stage.WARMUP).epochs()).isZero();
    assertThat(config.learnerOptions(spec).stage(Stage.ALIGNMENT).epochs()).isZero();
    assertThat(config.learnerOptions(spec).task()).isEqualTo(spec);
  }

  @Test
  void nothingToTrainIsRefused() {
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    "warmup.epochs=0", "alignment.epochs=0", "finetuning.epochs=0")))
        .contains("give at least one stage an epoch");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("method=mona-shuffled", "alignment.epochs=0")))
        .contains("no labels to shuffle");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("method=orca", "alignment.epochs=0")))
        .contains("give the alignment an epoch, or use finetune");
  }
}
