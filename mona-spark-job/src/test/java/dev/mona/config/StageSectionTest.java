package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.FinetuneScope;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.optimizer.Adam;
import dev.mona.optimizer.OptimizerOptions;
import dev.mona.optimizer.ScheduleOptions;
import dev.mona.optimizer.Sgd;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageSectionTest {
  private static StageOptions stage(MonaConfig config, String name) {
    return config.training().stages().get(Stage.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  @Test
  void defaults() {
    MonaConfig config = ConfigFixture.load();
    Function<Double, OptimizerOptions> adam =
        rate -> new OptimizerOptions(new Adam(0.9, 0.98, 1e-8, 0, false), rate, 1);
    ScheduleOptions constant = new ScheduleOptions(0, 0);
    assertThat(stage(config, "warmup"))
        .isEqualTo(new StageOptions(3, 32, 1, adam.apply(1e-3), constant));
    assertThat(stage(config, "alignment"))
        .isEqualTo(new StageOptions(4, 32, 1, adam.apply(1e-3), constant));
    assertThat(stage(config, "finetuning"))
        .isEqualTo(new StageOptions(8, 32, 1, adam.apply(1e-4), constant));
    assertThat(config.training().finetuning().scope()).isEqualTo(FinetuneScope.ALL);
    assertThat(config.training().finetuning().dropout()).isEqualTo(0);
  }

  @Test
  void dropoutIsOfFinetuning() {
    assertThat(ConfigFixture.load("finetuning.dropout=0.25").training().finetuning().dropout())
        .isEqualTo(0.25);
    ConfigFixture.refusesEach("finetuning.dropout=1", "finetuning.dropout=-0.1");
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("warmup.dropout=0.1")))
        .contains("warmup.dropout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"warmup", "alignment", "finetuning"})
  void fullMapping(String name) {
    MonaConfig config =
        ConfigFixture.load(
            name + ".epochs=5",
            name + ".batch-size=6",
            name + ".accumulation=7",
            name + ".clip-norm=0",
            name + ".optimizer.kind=adamw",
            name + ".optimizer.learning-rate=0.5",
            name + ".optimizer.beta1=0.1",
            name + ".optimizer.beta2=0.2",
            name + ".optimizer.epsilon=0.3",
            name + ".optimizer.momentum=0.4",
            name + ".optimizer.weight-decay=0.6",
            name + ".schedule.warmup-epochs=0.5",
            name + ".schedule.decay-epochs=5");
    assertThat(stage(config, name))
        .isEqualTo(
            new StageOptions(
                5,
                6,
                7,
                new OptimizerOptions(new Adam(0.1, 0.2, 0.3, 0.6, true), 0.5, 0),
                new ScheduleOptions(0.5, 5)));
    OptimizerOptions sgd =
        stage(
                ConfigFixture.load(
                    name + ".optimizer.kind=sgd",
                    name + ".optimizer.momentum=0.4",
                    name + ".optimizer.weight-decay=0.6"),
                name)
            .optimizer();
    assertThat(sgd.rule()).isEqualTo(new Sgd(0.4, 0.6));
  }

  @ParameterizedTest
  @ValueSource(strings = {"warmup", "alignment", "finetuning"})
  void badValues(String name) {
    ConfigFixture.refusesEach(
        name + ".epochs=-1",
        name + ".epochs=1.5",
        name + ".batch-size=0",
        name + ".accumulation=0",
        name + ".clip-norm=-1",
        name + ".optimizer.kind=lion",
        name + ".optimizer.learning-rate=0",
        name + ".optimizer.learning-rate=Infinity",
        name + ".optimizer.beta1=1",
        name + ".optimizer.beta2=-0.1",
        name + ".optimizer.epsilon=0",
        name + ".optimizer.momentum=1",
        name + ".optimizer.weight-decay=-1",
        name + ".schedule.warmup-epochs=-1",
        name + ".schedule.decay-epochs=-1");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    name + ".schedule.warmup-epochs=5", name + ".schedule.decay-epochs=5")))
        .contains("the decay must end after the warm-up, or be 0");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers("task.train-samples=127", name + ".accumulation=4")))
        .contains("128 samples a step of the 127 in task.train-samples");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    name + ".batch-size=65536", name + ".accumulation=65536", name + ".epochs=0")))
        .contains(name + ".accumulation", "4294967296 samples", "at most 2147483647");
  }

  @Test
  void stageThatIsOffMayHaveAnyBatch() {
    assertThat(
            stage(
                    ConfigFixture.load(
                        "task.train-samples=64", "warmup.accumulation=4", "warmup.epochs=0"),
                    "warmup")
                .epochs())
        .isZero();
  }

  @Test
  void scopes() {
    assertThat(ConfigFixture.load("finetuning.scope=layernorm").training().finetuning().scope())
        .isEqualTo(FinetuneScope.LAYER_NORM);
    assertThat(ConfigFixture.load("finetuning.scope=non-attention").training().finetuning().scope())
        .isEqualTo(FinetuneScope.NON_ATTENTION);
    ConfigFixture.refusesEach("finetuning.scope=head");
  }
}
