package dev.mona.gauges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.learner.Stage;
import dev.mona.report.RoundRecord;
import dev.mona.report.StageRecord;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunProgressTest {
  private final RunProgress progress = new RunProgress();

  private double value(DriverGauge gauge) {
    return gauge.of(progress.now()).doubleValue();
  }

  private double[] place() {
    return new double[] {
      value(DriverGauge.STAGE),
      value(DriverGauge.EPOCH),
      value(DriverGauge.ROUND),
      value(DriverGauge.ROUNDS)
    };
  }

  @Test
  void roundsAreCountedOverTheStageAlsoAfterAResume() {
    assertThat(place()).containsExactly(0, 0, 0, 0);
    progress.stageStarted(new StageRecord(Stage.ALIGNMENT, 4, 2, 5));
    assertThat(place()).containsExactly(2, 3, 10, 20);
    progress.roundEnded(new RoundRecord(Stage.ALIGNMENT, 2, 1, 5, 60, 1.5, Map.of()));
    assertThat(place()).containsExactly(2, 3, 12, 20);
    progress.stageStarted(new StageRecord(Stage.FINETUNING, 8, 0, 5));
    assertThat(place()).containsExactly(3, 1, 0, 40);
    progress.close();
    assertThat(place()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void ratesAreThoseOfTheLastRound() {
    progress.stageStarted(new StageRecord(Stage.WARMUP, 1, 0, 5));
    assertThat(value(DriverGauge.LOSS)).isNaN();
    progress.roundEnded(
        new RoundRecord(
            Stage.WARMUP, 0, 0, 5, 60, 1.5, Map.of("loss", 0.25, "averaging_seconds", 0.5)));
    assertThat(value(DriverGauge.LOSS)).isEqualTo(0.25);
    assertThat(value(DriverGauge.SAMPLES_PER_SECOND)).isEqualTo(40);
    assertThat(value(DriverGauge.ROUND_SECONDS)).isEqualTo(1.5);
    assertThat(value(DriverGauge.AVERAGING_SECONDS)).isEqualTo(0.5);
    progress.roundEnded(new RoundRecord(Stage.WARMUP, 0, 1, 5, 60, 1.5, Map.of()));
    assertThat(value(DriverGauge.LOSS)).as("a round without examples").isNaN();
  }
}
