package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.Augmentation;
import dev.mona.metric.MetricKind;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.TaskKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().task())
        .isEqualTo(
            new TaskConfig(
                "t",
                new TaskConfig.DataConfig("d", 0, 1, 0, 0.2),
                MetricKind.ERROR_RATE,
                new TaskConfig.LossConfig(
                    TaskConfig.LossName.AUTO, 1, 0, TaskConfig.ClassWeights.NONE),
                Augmentation.NONE));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "task.name=dna",
            "task.data=file:///data/dna",
            "task.train-samples=512",
            "task.train-fraction=0.25",
            "task.test-samples=64",
            "task.validation-fraction=0",
            "task.metric=contact-mae",
            "task.loss=mean-squared",
            "task.positive-weight=4",
            "task.loss-cap=20",
            "task.class-weights=balanced",
            "task.augmentation=transpose");
    assertThat(config.task())
        .isEqualTo(
            new TaskConfig(
                "dna",
                new TaskConfig.DataConfig("file:///data/dna", 512, 0.25, 64, 0),
                MetricKind.CONTACT_MAE,
                new TaskConfig.LossConfig(
                    TaskConfig.LossName.MEAN_SQUARED, 4, 20, TaskConfig.ClassWeights.BALANCED),
                Augmentation.TRANSPOSE));
    assertThat(config.task().metric().id()).isEqualTo("contact-mae");
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "task.name=",
        "task.name=.hidden",
        "task.data=",
        "task.train-samples=-1",
        "task.test-samples=-1",
        "task.validation-fraction=1",
        "task.validation-fraction=NaN",
        "task.metric=accuracy",
        "task.loss=l2",
        "task.positive-weight=0",
        "task.loss-cap=-1",
        "task.class-weights=0.5",
        "task.augmentation=mirror");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    "task.train-samples=64", "run.partitions=65", "warmup.epochs=1")))
        .contains("run.partitions is 65", "more than the 64 of task.train-samples");
    assertThatThrownBy(() -> new TaskConfig.DataConfig("d", 0, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new TaskConfig.LossConfig(
                    TaskConfig.LossName.AUTO, 0, 0, TaskConfig.ClassWeights.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyTheMeanSquaredLossHasACap() {
    assertThat(ConfigFixture.refusal(ConfigFixture.layers("task.loss-cap=20", "task.loss=rmse")))
        .contains("task.loss-cap is 20", "task.loss is \"rmse\": only mean-squared has a cap");
    assertThat(ConfigFixture.load("task.loss=rmse").task().loss().cap()).isZero();
  }

  @Test
  void autoIsTheLossOfTheKind() {
    TaskConfig.LossConfig auto = ConfigFixture.load("task.positive-weight=4").task().loss();
    assertThat(auto.options(TaskKind.CLASSIFICATION).loss()).isEqualTo(Loss.CROSS_ENTROPY);
    assertThat(auto.options(TaskKind.MULTI_LABEL))
        .isEqualTo(new LossOptions(Loss.BINARY_CROSS_ENTROPY, 4, 0));
    assertThat(auto.options(TaskKind.DENSE).loss()).isEqualTo(Loss.RELATIVE_L2);
    TaskConfig.LossConfig named =
        ConfigFixture.load("task.loss=mean-squared", "task.loss-cap=20").task().loss();
    assertThat(named.options(TaskKind.DENSE)).isEqualTo(new LossOptions(Loss.MEAN_SQUARED, 1, 20));
  }

  @Test
  void everyLossHasItsName() {
    assertThat(TaskConfig.LossName.values())
        .filteredOn(name -> name != TaskConfig.LossName.AUTO)
        .extracting(Enum::name)
        .containsExactly(Stream.of(Loss.values()).map(Enum::name).toArray(String[]::new));
  }

  @Test
  void nameAndDataHaveNoDefault() {
    assertThat(ConfigFixture.refusal(ConfigLayers.start()))
        .isEqualTo(
            """
            2 problems in the configuration:
              - task.name is missing: set it in the task file, in the --config file or with --set task.name=...
              - task.data is missing: set it in the task file, in the --config file or with --set task.data=...\
            """);
  }
}
