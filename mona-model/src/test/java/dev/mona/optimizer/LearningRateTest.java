package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0.02",
    "5, 0.1",
    "10, 0.2",
    "15, 0.175",
    "20, 0.15",
    "49, 0.005",
    "50, 0",
    "80, 0"
  })
  void warmsUpAndDecaysPerStep(long iteration, double expected) {
    LearningRate rate = new LearningRate(0.2, new ScheduleOptions(1, 5));
    assertThat(rate.at(iteration, 10)).isCloseTo(expected, within(1e-15));
  }

  @Test
  void staysAtThePeakWithoutDecay() {
    LearningRate rate = new LearningRate(3, new ScheduleOptions(0.5, 0));
    assertThat(rate.at(1, 4)).isEqualTo(1.5);
    assertThat(rate.at(2, 4)).isEqualTo(3);
    assertThat(rate.at(1_000_000, 4)).isEqualTo(3);
  }

  @Test
  void startsAtThePeakWithoutWarmUp() {
    LearningRate rate = new LearningRate(3, new ScheduleOptions(0, 2));
    assertThat(rate.at(0, 4)).isEqualTo(3);
    assertThat(rate.at(4, 4)).isEqualTo(1.5);
    assertThat(new LearningRate(3, new ScheduleOptions(0, 0)).at(7, 4)).isEqualTo(3);
  }

  @Test
  void refusesAnEpochWithoutSteps() {
    assertThatThrownBy(() -> new LearningRate(3, new ScheduleOptions(0, 2)).at(0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
