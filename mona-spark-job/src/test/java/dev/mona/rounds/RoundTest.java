package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.learner.Stage;
import org.junit.jupiter.api.Test;

class RoundTest {
  private static final Round SECOND = new StageSchedule(Stage.ALIGNMENT, 4, 6, 10, 3).round(1, 1);

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
  void refusesWhatIsNotInTheSchedule() {
    StageSchedule schedule = SECOND.schedule();
    assertThatThrownBy(() -> schedule.round(4, 0)).hasMessageContaining("epoch 4/4, round 0/2");
    assertThatThrownBy(() -> schedule.round(0, 2)).hasMessageContaining("epoch 0/4, round 2/2");
    assertThatThrownBy(() -> new StageSchedule(Stage.WARMUP, 4, 6, 10, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
