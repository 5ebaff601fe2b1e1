package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedBootstrapTest {
  private static PairedBootstrap ofDifferences(double... differences) {
    return PairedBootstrap.of(differences, new double[differences.length], 1);
  }

  @Test
  void meanAndDeviationAreThoseOfTheDifferences() {
    PairedBootstrap compared =
        PairedBootstrap.of(new double[] {5, 7, 9}, new double[] {4, 4, 4}, 1);
    // differences 1, 3, 5
    assertThat(compared.pairs()).isEqualTo(3);
    assertThat(compared.mean()).isCloseTo(3, within(1e-12));
    assertThat(compared.deviation()).isCloseTo(2, within(1e-12));
    // 1 of 27 resamples at either end: 3.7 %
    assertThat(compared.lower()).isCloseTo(1, within(1e-12));
    assertThat(compared.upper()).isCloseTo(5, within(1e-12));
  }

  /**
   * One difference is n, the others 0: the mean is how often it is drawn, binomial (n, 1/n). At
   * least 3 of 4 are drawn in 13 of 256 resamples, at least 3 of 5 in 181 of 3125; one more in 1
   * and in 21.
   */
  @ParameterizedTest
  @CsvSource({"2, 0, 2", "3, 0, 3", "4, 0, 3", "5, 0, 3"})
  void fewPairsAreEnumerated(int n, double lower, double upper) {
    double[] differences = new double[n];
    differences[n - 1] = n;
    PairedBootstrap compared = ofDifferences(differences);
    assertThat(compared.mean()).isCloseTo(1, within(1e-12));
    assertThat(compared.deviation()).isCloseTo(Math.sqrt(n), within(1e-12));
    assertThat(compared.lower()).isCloseTo(lower, within(1e-12));
    assertThat(compared.upper()).isCloseTo(upper, within(1e-12));
  }

  /** Half of 20 differences are 1: binomial (20, 1/2), 2.07 % below 6 and 5.77 % below 7. */
  @Test
  void manyPairsAreDrawn() {
    double[] differences = new double[20];
    Arrays.fill(differences, 0, 10, 1);
    for (long seed = 0; seed < 5; seed++) {
      PairedBootstrap compared = PairedBootstrap.of(differences, new double[20], seed);
      assertThat(compared.lower()).as("seed %d", seed).isCloseTo(0.3, within(1e-12));
      assertThat(compared.upper()).as("seed %d", seed).isCloseTo(0.7, within(1e-12));
    }
  }

  @Test
  void drawsAreAFunctionOfTheSeed() {
    double[] differences = new Random(3).doubles(11).toArray();
    PairedBootstrap one = PairedBootstrap.of(differences, new double[11], 7);
    assertThat(PairedBootstrap.of(differences, new double[11], 7)).isEqualTo(one);
    assertThat(PairedBootstrap.of(differences, new double[11], 8)).isNotEqualTo(one);
  }

  @Test
  void equalDifferencesHaveNoSpread() {
    assertThat(ofDifferences(2, 2, 2, 2)).isEqualTo(new PairedBootstrap(4, 2, 0, 2, 2));
  }

  @Test
  void refusesWhatIsNotPaired() {
    assertThatThrownBy(() -> PairedBootstrap.of(new double[3], new double[2], 1))
        .hasMessageContaining("3 and 2 values");
    assertThatThrownBy(() -> PairedBootstrap.of(new double[1], new double[1], 1))
        .hasMessageContaining("1 and 1 values");
  }
}
