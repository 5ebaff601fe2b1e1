package dev.mona.inputs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.config.ConfigLayers;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import org.junit.jupiter.api.Test;

/** Products of settings that each are within their range. */
class CountableTest {
  private static Countable with(String... settings) {
    ConfigLayers layers = ConfigLayers.start().set("task.name=t").set("task.data=d");
    for (String setting : settings) {
      layers.set(setting);
    }
    TaskSpec task = TaskSpec.of("t", TaskKind.CLASSIFICATION, SampleShape.series(1, 4), 2);
    return new Countable(layers.load().learnerOptions(task));
  }

  @Test
  void usualSettingsPass() {
    assertThatCode(() -> with().require(100_000, 150_528, 150_528)).doesNotThrowAnyException();
  }

  @Test
  void stepsOfAStageAreCountedInAnInt() {
    String[] most = {"warmup.epochs=1000", "warmup.batch-size=1"};
    assertThatCode(() -> with(most).require(2_147_483, 4, 8)).doesNotThrowAnyException();
    assertThatThrownBy(() -> with(most).require(2_147_484, 4, 8))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("2147484000 steps")
        .hasMessageEndingWith("lower warmup.epochs");
    assertThatCode(() -> with("warmup.epochs=0", "warmup.batch-size=1").require(2_147_484, 4, 8))
        .doesNotThrowAnyException();
  }

  @Test
  void aBatchIsOneArray() {
    assertThatThrownBy(() -> with("finetuning.batch-size=65536").require(65_536, 32_768, 8))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("2147483648 values")
        .hasMessageEndingWith("lower finetuning.batch-size");
    assertThatCode(() -> with("finetuning.batch-size=65536").require(65_535, 32_768, 8))
        .doesNotThrowAnyException();
  }

  @Test
  void soAreTheSamplesOfTheDiscrepancy() {
    assertThatCode(() -> Countable.requireFixed(256, (1 << 23) - 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> Countable.requireFixed(256, 1 << 23))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("2147483648 values")
        .hasMessageEndingWith("lower evaluation.discrepancy-samples");
  }

  @Test
  void soIsASourceBatch() {
    String[] most = {
      "source.kind=parquet",
      "source.path=texts",
      "source.per-class=0",
      "alignment.source-batch.classes=4096",
      "alignment.source-batch.samples-per-class=4096"
    };
    assertThatCode(() -> with(most).require(64, 4, 127)).doesNotThrowAnyException();
    assertThatThrownBy(() -> with(most).require(64, 4, 128))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("2147483648 values");
  }
}
