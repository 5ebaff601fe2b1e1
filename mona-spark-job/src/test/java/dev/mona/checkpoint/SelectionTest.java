package dev.mona.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

  @ParameterizedTest
  @CsvSource({
    // scores, patience, minimum -> best epoch, epochs run
    "3 2 1 2 3, 0, 0, 2, 5",
    "3 2 2 2 1, 2, 0, 1, 4",
    "1 1 1 1 1, 3, 0, 0, 4",
    "NaN 2 NaN 1 1, 0, 0, 3, 5",
    "3 2.9 2.8 2.7 2.6, 2, 0.5, 2, 3",
    "3 2.4 2.4 2.4 1, 2, 0.5, 1, 4",
    "3 2.5 2.0 1.5 1.0, 1, 0.5, 1, 2"
  })
  void takesTheFirstLowestScoreAndStopsWhenPatienceRunsOut(
      String scores, int patience, double minimum, int bestEpoch, int epochsRun) {
    Selection selection = Selection.START;
    int epoch = 0;
    for (String score : scores.split(" ", -1)) {
      if (selection.stops(patience)) {
        break;
      }
      selection = selection.after(epoch, Double.parseDouble(score), new float[] {epoch}, minimum);
      epoch++;
    }
    assertThat(epoch).isEqualTo(epochsRun);
    var best = Objects.requireNonNull(selection.best());
    assertThat(best.epoch()).isEqualTo(bestEpoch);
    assertThat(best.parameters()).containsExactly(bestEpoch);
  }
}
