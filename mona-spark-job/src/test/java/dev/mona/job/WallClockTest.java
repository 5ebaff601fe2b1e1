package dev.mona.job;

import static dev.mona.events.Spending.AFTER_LAST_EPOCH;
import static dev.mona.events.Spending.AVERAGING;
import static dev.mona.events.Spending.CHECKPOINTS;
import static dev.mona.events.Spending.LOCAL_STEPS;
import static dev.mona.events.Spending.MEASURES;
import static dev.mona.events.Spending.UNTIL_READY;
import static dev.mona.events.Spending.VALIDATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.events.EpochEnded;
import dev.mona.events.EpochPosition;
import dev.mona.events.Evaluation;
import dev.mona.events.RoundEnded;
import dev.mona.events.RoundPosition;
import dev.mona.events.StageEnded;
import dev.mona.events.Work;
import dev.mona.learner.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WallClockTest {
  private static final EpochPosition EPOCH = new EpochPosition(Stage.FINETUNING, 0, 2);

  /** Seconds of a clock that the test sets; powers of two, so that sums are exact. */
  private double now = 1000;

  private final WallClock clock = new WallClock(() -> (long) (1e9 * now));

  private void round(int index, double seconds, double averaging) {
    clock.roundEnded(
        new RoundEnded(
            new RoundPosition(EPOCH, index, 2),
            new Work(1, seconds),
            Map.of(RoundEnded.AVERAGING_SECONDS, averaging)));
  }

  private void epoch(double validation, double measures) {
    clock.epochEnded(
        new EpochEnded(
            EPOCH, new Work(2, 99), new Evaluation(validation, measures), Map.of(), false));
  }

  @Test
  void everySecondIsSaidToGoIntoOneThing() {
    now += 16 + 8; // 16 until the first round, 8 for it
    round(0, 8, 2);
    now += 0.5 + 4; // half a second from round to round
    round(1, 4, 1);
    now += 0.25 + 2 + 32; // a look at the parameters, then validation and measures
    epoch(2, 32);
    now += 64 + 4; // a checkpoint that is waited for
    round(0, 4, 0);
    now += 2;
    epoch(2, 0);
    now += 128;
    clock.stageEnded(new StageEnded(Stage.FINETUNING));
    now += 256;

    assertThat(clock.ended().seconds())
        .isEqualTo(
            Map.of(
                UNTIL_READY, 16.0,
                LOCAL_STEPS, 6.0 + 3 + 4,
                AVERAGING, 2 + 0.5 + 1 + 0.25,
                VALIDATION, 4.0,
                MEASURES, 32.0,
                CHECKPOINTS, 64.0 + 128,
                AFTER_LAST_EPOCH, 256.0));
    assertThat(clock.ended().total()).isEqualTo(now - 1000);
  }

  /** A run that was gone on with after its last epoch only writes its outputs. */
  @Test
  void withoutARoundAllIsAfterTheLastEpoch() {
    now += 32;
    assertThat(clock.ended().of(AFTER_LAST_EPOCH)).isEqualTo(32);
    assertThat(clock.ended().total()).isEqualTo(32);
  }
}
