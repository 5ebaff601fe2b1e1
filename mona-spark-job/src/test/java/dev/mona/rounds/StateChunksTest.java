package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.TrainingState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateChunksTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "0, 0, 3",
    "7, 14, 7",
    "7, 14, 4",
    "7, 14, 100",
    "3, 6, 2",
    "5, 5, 3",
    "17, 33, 16"
  })
  void cutAndPasteIsTheIdentity(int parameters, int moments, int size) {
    TrainingState state = new TrainingState(ramp(parameters, 1), ramp(moments, 1000), 4);
    StateChunks chunks = StateChunks.of(state, size);
    TrainingState copy = new TrainingState(new float[parameters], new float[moments], 4);
    int total = 0;
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      float[] values = chunks.cut(state, chunk);
      assertThat(values.length).isBetween(1, size);
      total += values.length;
      chunks.paste(values, chunk, copy);
    }
    assertThat(total).isEqualTo(parameters + moments);
    assertThat(copy).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({"4, 8", "5, 7"})
  void refusesAStateOfAnotherSize(int parameters, int moments) {
    StateChunks chunks = new StateChunks(5, 8, 3);
    TrainingState state = new TrainingState(new float[parameters], new float[moments], 0);
    assertThatThrownBy(() -> chunks.cut(state, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] ramp(int n, int from) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = from + i;
    }
    return values;
  }
}
