package dev.mona.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.Stage;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final Round SECOND = new Round(Stage.ALIGNMENT, 1, 4, 1, 2, 3, 3, 6, 10);

  @Test
  void countsTheStepsThatAPartitionHasLeft() {
    assertThat(SECOND.stepsOf(60)).isEqualTo(3);
    assertThat(SECOND.stepsOf(51)).isEqualTo(3);
    assertThat(SECOND.stepsOf(41)).isEqualTo(2);
    assertThat(SECOND.stepsOf(31)).isEqualTo(1);
    assertThat(SECOND.stepsOf(30)).isZero();
    assertThat(SECOND.stepsOf(0)).isZero();
  }

  @Test
  void describesItselfFromOneOverTheWholeStage() {
    assertThat(SECOND.description(4)).isEqualTo("alignment round 4/8: average 4 workers");
  }

  @Test
  void refusesWhatDoesNotFitTheEpoch() {
    assertThatThrownBy(() -> new Round(Stage.WARMUP, 4, 4, 0, 1, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Round(Stage.WARMUP, 0, 4, 0, 1, 5, 2, 6, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
