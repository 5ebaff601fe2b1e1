package dev.mona.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.storage.RunDirectory;
import dev.mona.task.TargetScale;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scale that a finetuned model's file holds. */
class TargetScaleTest {
  private final Path directory;

  TargetScaleTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void isReadFromTheModelsFile() {
    assertThat(scale(2, tensor("target_scale.mean", 0.5f, -2), tensor("target_scale.sd", 1, 3.25f)))
        .isEqualTo(new TargetScale(List.of(0.5, -2.0), List.of(1.0, 3.25)));
  }

  @Test
  void aModelWithoutOneHasNone() {
    assertThat(scale(3, tensor("head.bias", 1))).isEqualTo(TargetScale.none(3));
  }

  @Test
  void refusesAScaleOfOtherOutputsOrWithoutSpread() {
    assertThatThrownBy(
            () -> scale(3, tensor("target_scale.mean", 0, 1), tensor("target_scale.sd", 1, 1)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("scales 2 outputs and the task has 3: score with the run's own task");
    assertThatThrownBy(() -> scale(1, tensor("target_scale.mean", 0), tensor("target_scale.sd", 0)))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("has a scale that is no scale");
  }

  private TargetScale scale(int outputs, WeightTensor... tensors) {
    String location = directory.resolve("run" + tensors.length + outputs).toString();
    try (RunDirectory run = RunDirectory.open(location, new Configuration())) {
      run.write(
          TrainedModel.MODEL,
          out -> Safetensors.write(out, List.of(tensors), Map.of("format", "pt")));
      return TrainedModel.scale(run, outputs);
    }
  }

  private static WeightTensor tensor(String name, float... values) {
    return new WeightTensor(name, new long[] {values.length}, values);
  }
}
