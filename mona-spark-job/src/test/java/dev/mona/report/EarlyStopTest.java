package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.analysis.PairedDifferences;
import dev.mona.random.SplitMix64;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rule against the tables of Student's t, and against what looking often does to a level. */
class EarlyStopTest {
  private static final int SEEDS = 30;
  private static final int EXPERIMENTS = 4000;

  private static PairedDifferences of(double... differences) {
    return PairedDifferences.of(differences, new double[differences.length]);
  }

  /** t_{0.9995, 4} is 8.610: a deviation of 1 over five pairs needs a mean of 8.610 / sqrt 5. */
  @Test
  void aMethodEndsWhereTheTableOfTSays() {
    double needed = 8.610 / Math.sqrt(5);
    double[] spread = {-Math.sqrt(2), 0, Math.sqrt(2), 0, 0};
    for (double sign : new double[] {1, -1}) {
      assertThat(EarlyStop.HAYBITTLE_PETO.ends(of(shifted(spread, sign * (needed + 0.001)))))
          .isTrue();
      assertThat(EarlyStop.HAYBITTLE_PETO.ends(of(shifted(spread, sign * (needed - 0.001)))))
          .isFalse();
    }
    assertThat(EarlyStop.NONE.ends(of(shifted(spread, 100)))).isFalse();
  }

  private static double[] shifted(double[] values, double by) {
    return Arrays.stream(values).map(value -> value + by).toArray();
  }

  @Test
  void fourPairsAreTooFewHoweverFarTheyAre() {
    assertThat(EarlyStop.HAYBITTLE_PETO.ends(of(100, 100.1, 100, 100.1))).isFalse();
  }

  /**
   * Without any difference: one look at the end errs in one of twenty experiments, the rule with a
   * look after every seed and the last one at 5 % hardly more often, a stop at the first interval
   * of 95 % far more often.
   */
  @Test
  void lookingAfterEverySeedLeavesTheLevel() {
    Random random = new Random(SplitMix64.hash(7, 20));
    int once = 0;
    int byRule = 0;
    int atFirst = 0;
    for (int experiment = 0; experiment < EXPERIMENTS; experiment++) {
      double[] differences = random.doubles(SEEDS).map(u -> u - 0.5).toArray();
      boolean last = excludesZero(of(differences));
      boolean ended = false;
      boolean first = last;
      for (int n = PairedDifferences.FEWEST_FOR_AN_INTERVAL; n < SEEDS; n++) {
        PairedDifferences soFar = of(Arrays.copyOf(differences, n));
        ended |= EarlyStop.HAYBITTLE_PETO.ends(soFar);
        first |= excludesZero(soFar);
      }
      once += last ? 1 : 0;
      byRule += ended || last ? 1 : 0;
      atFirst += first ? 1 : 0;
    }
    assertThat((double) once / EXPERIMENTS).isBetween(0.035, 0.065);
    assertThat((double) (byRule - once) / EXPERIMENTS).isBetween(0.0, 0.02);
    assertThat((double) atFirst / EXPERIMENTS).isGreaterThan(0.15);
  }

  private static boolean excludesZero(PairedDifferences differences) {
    return differences.interval().orElseThrow().excludesZero();
  }

  @Test
  void rulesHaveNames() {
    assertThat(EarlyStop.of("haybittle-peto")).isSameAs(EarlyStop.HAYBITTLE_PETO);
    assertThat(EarlyStop.of("none")).isSameAs(EarlyStop.NONE);
    assertThatThrownBy(() -> EarlyStop.of("p<0.05"))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("--early-stop is 'p<0.05', must be one of: none, haybittle-peto");
  }
}
