package dev.mona.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.example.SmallJob;
import dev.mona.learner.Stage;
import dev.mona.learner.StageOptions;
import dev.mona.optimizer.ScheduleOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageScheduleTest {

  @ParameterizedTest
  @CsvSource({
    // largest, batch, accumulation, frequency -> steps, rounds
    "1, 1, 1, 1, 1, 1",
    "32, 4, 2, 2, 4, 2",
    "33, 4, 2, 2, 5, 3",
    "33, 4, 2, 100, 5, 1",
    "7, 8, 4, 3, 1, 1"
  })
  void everyStepOfTheLargestPartitionIsInOneRound(
      int largest, int batch, int accumulation, int frequency, int steps, int rounds) {
    StageOptions options =
        new StageOptions(2, batch, accumulation, SmallJob.SGD, new ScheduleOptions(0, 0));
    StageSchedule schedule =
        StageSchedule.of(Stage.WARMUP, options, frequency, new int[] {1, largest, 1});
    assertThat(schedule.stepsPerEpoch()).isEqualTo(steps);
    assertThat(schedule.roundsPerEpoch()).isEqualTo(rounds);
    int next = 0;
    for (int r = 0; r < rounds; r++) {
      Round round = schedule.round(1, r);
      assertThat(round.steps().first()).isEqualTo(next);
      assertThat(round.steps().count()).isBetween(1, frequency);
      next += round.steps().count();
    }
    assertThat(next).isEqualTo(steps);
  }
}
