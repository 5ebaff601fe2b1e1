package dev.mona.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.Stage;
import dev.mona.tensor.ParameterGroup;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelParametersTest {
  private final ModelParameters model =
      new ModelParameters(
          Map.of(
              ParameterGroup.EMBEDDER, new float[] {1, 2},
              ParameterGroup.ENCODER, new float[] {3},
              ParameterGroup.HEAD, new float[] {4, 5, 6}));

  @Test
  void flatFollowsTheOrderOfTheStage() {
    assertThat(model.flat(Stage.WARMUP.trained())).containsExactly(1, 2, 4, 5, 6);
    assertThat(model.flat(Stage.FINETUNING.trained())).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void withReplacesTheStagesGroupsOnly() {
    ModelParameters next = model.with(Stage.ALIGNMENT.trained(), new float[] {10, 20, 40, 50, 60});
    assertThat(next.flat(Stage.FINETUNING.trained())).containsExactly(10, 20, 3, 40, 50, 60);
    assertThat(model.of(ParameterGroup.EMBEDDER)).containsExactly(1, 2);
    assertThatThrownBy(() -> model.with(Stage.ALIGNMENT.trained(), new float[6]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void needsEveryGroup() {
    assertThatThrownBy(() -> new ModelParameters(Map.of(ParameterGroup.HEAD, new float[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
