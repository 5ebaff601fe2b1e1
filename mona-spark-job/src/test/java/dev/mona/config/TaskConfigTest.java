package dev.mona.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TaskConfigTest {
  @Test
  void defaults() {
    assertThat(ConfigFixture.load().task())
        .isEqualTo(new TaskConfig("t", "d", 0, 0.2, TaskConfig.Metric.ERROR_RATE, 1));
  }

  @Test
  void fullMapping() {
    MonaConfig config =
        ConfigFixture.load(
            "task.name=dna",
            "task.data=file:///data/dna",
            "task.train-samples=512",
            "task.validation-fraction=0",
            "task.metric=macro-f1",
            "task.positive-weight=4");
    assertThat(config.task())
        .isEqualTo(
            new TaskConfig("dna", "file:///data/dna", 512, 0, TaskConfig.Metric.MACRO_F1, 4));
    assertThat(config.task().metric().id()).isEqualTo("macro-f1");
  }

  @Test
  void badValues() {
    ConfigFixture.refusesEach(
        "task.name=",
        "task.name=.hidden",
        "task.data=",
        "task.train-samples=-1",
        "task.validation-fraction=1",
        "task.validation-fraction=NaN",
        "task.metric=accuracy",
        "task.positive-weight=0");
    assertThat(
            ConfigFixture.refusal(
                ConfigFixture.layers(
                    "task.train-samples=64", "run.partitions=65", "warmup.epochs=1")))
        .contains("run.partitions is 65", "more than the 64 of task.train-samples");
    assertThatThrownBy(() -> new TaskConfig("t", "d", 0, 1, TaskConfig.Metric.MAP, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nameAndDataHaveNoDefault() {
    assertThat(ConfigFixture.refusal(ConfigLayers.start()))
        .isEqualTo(
            """
            2 problems in the configuration:
              - task.name is missing: set it in the task file, in the --config file or with --set task.name=...
              - task.data is missing: set it in the task file, in the --config file or with --set task.data=...""");
  }
}
