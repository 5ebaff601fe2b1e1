package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairedDifferencesTest {
  private static PairedDifferences ofDifferences(double... differences) {
    return PairedDifferences.of(differences, new double[differences.length]);
  }

  /** {@code n} differences with the given mean and a standard deviation of 1. */
  private static PairedDifferences standardised(int n, double mean) {
    double[] differences = new double[n];
    double one = Math.sqrt((n - 1.0) / (n - n % 2));
    Arrays.setAll(
        differences, i -> mean + (i == n - 1 && n % 2 == 1 ? 0 : i % 2 == 0 ? one : -one));
    return ofDifferences(differences);
  }

  @Test
  void meanAndDeviationAreThoseOfTheDifferences() {
    PairedDifferences compared =
        PairedDifferences.of(new double[] {5, 7, 9}, new double[] {4, 4, 4});
    // differences 1, 3, 5
    assertThat(compared.pairs()).isEqualTo(3);
    assertThat(compared.mean()).isCloseTo(3, within(1e-12));
    assertThat(compared.deviation()).isCloseTo(2, within(1e-12));
  }

  /**
   * Sleep of ten patients after two drugs (Student, Biometrika 1908): t = -4.06, -2.46 .. -0.70.
   */
  @Test
  void theIntervalIsStudents() {
    double[] one = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    double[] two = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    PairedDifferences sleep = PairedDifferences.of(one, two);
    assertThat(sleep.mean()).isCloseTo(-1.58, within(1e-12));
    assertThat(sleep.interval())
        .hasValueSatisfying(
            interval -> {
              assertThat(interval.lower()).isCloseTo(-2.4598858, within(1e-6));
              assertThat(interval.upper()).isCloseTo(-0.7001142, within(1e-6));
            });
  }

  @Test
  void fewerThanFivePairsHaveNoInterval() {
    assertThat(ofDifferences(1, 2, 3, 4).interval()).isEmpty();
    assertThat(ofDifferences(1, 2, 3, 4, 5).interval()).isPresent();
  }

  /** Within three standard errors of the simulation: 3 sqrt(0.95 * 0.05 / 10000). */
  @ParameterizedTest
  @ValueSource(ints = {5, 8, 20})
  void theIntervalHoldsTheTrueMeanAsOftenAsItSays(int n) {
    Random random = new Random(n);
    int trials = 10_000;
    int held = 0;
    for (int trial = 0; trial < trials; trial++) {
      double[] differences = new double[n];
      Arrays.setAll(differences, i -> 0.3 + 2 * random.nextGaussian());
      PairedDifferences.Interval interval = ofDifferences(differences).interval().orElseThrow();
      if (interval.lower() <= 0.3 && 0.3 <= interval.upper()) {
        held++;
      }
    }
    assertThat((double) held / trials).isCloseTo(0.95, within(0.0066));
  }

  /** Of 1, 2, 4 and 8 no two choices of signs have the same sum. */
  @Test
  void theSignFlipTestCountsSumsThatAreAsFarFromZero() {
    assertThat(ofDifferences(1, 2, 4, 8).signFlip()).isEqualTo(2.0 / 16);
    assertThat(ofDifferences(-1, 2, 4, 8).signFlip()).isEqualTo(4.0 / 16);
    assertThat(ofDifferences(1, 2, 4, -8).signFlip()).isEqualTo(1);
    assertThat(ofDifferences(0.1, 0.2, 0.3).signFlip()).isEqualTo(2.0 / 8);
    assertThat(ofDifferences(0, 0).signFlip()).isEqualTo(1);
  }

  /** All 2^n outcomes of differences that have no preferred sign: few of them may look like one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,2,4,8,16,32,64,128",
        "1,1,1,1,1,1,1",
        "0.1,0.2,0.3,0.4,0.5,0.6,0.7",
        "0,0,1,2,3,3"
      })
  void theSignFlipTestIsFalselyPositiveNoMoreOftenThanItsLevel(String sizes) {
    double[] magnitudes =
        Arrays.stream(sizes.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    int outcomes = 1 << magnitudes.length;
    double[] p = new double[outcomes];
    for (int outcome = 0; outcome < outcomes; outcome++) {
      int signs = outcome;
      double[] differences = new double[magnitudes.length];
      Arrays.setAll(differences, i -> (signs >> i & 1) == 0 ? magnitudes[i] : -magnitudes[i]);
      p[outcome] = ofDifferences(differences).signFlip();
    }
    for (double level : p) {
      long positive = Arrays.stream(p).filter(value -> value <= level).count();
      assertThat((double) positive / outcomes).isLessThanOrEqualTo(level + 1e-15);
    }
  }

  /** Ten of thirty equal differences are negative: a binomial number of signs. */
  @Test
  void manySignsAreDrawn() {
    double[] differences = new double[30];
    Arrays.fill(differences, 1);
    Arrays.fill(differences, 0, 10, -1);
    // 2 P(X >= 20), X binomial (30, 1/2)
    assertThat(ofDifferences(differences).signFlip()).isCloseTo(0.0987, within(0.001));
    assertThat(ofDifferences(differences).signFlip())
        .isEqualTo(ofDifferences(differences).signFlip());
  }

  /** Tables of the power of the paired t-test at 5 % two-sided and 80 % (G*Power). */
  @ParameterizedTest
  @CsvSource({"0.2, 199", "0.5, 34", "0.8, 15", "1.0, 10"})
  void pairsNeededAreThoseOfThePublishedTables(double effect, long pairs) {
    assertThat(standardised(3, effect).pairsNeeded()).hasValue(pairs);
    assertThat(standardised(10, -effect).pairsNeeded()).hasValue(pairs);
  }

  @Test
  void pairsNeededAreNeverFewerThanAnIntervalAsksFor() {
    assertThat(ofDifferences(2, 2, 2).pairsNeeded()).hasValue(5);
    assertThat(ofDifferences(1, -1).pairsNeeded()).isEmpty();
    assertThat(ofDifferences(0, 0).pairsNeeded()).isEmpty();
    assertThat(ofDifferences(1, -1 + 1e-5).pairsNeeded()).isEmpty();
  }

  @Test
  void refusesWhatIsNotPaired() {
    assertThatThrownBy(() -> PairedDifferences.of(new double[3], new double[2]))
        .hasMessageContaining("3 and 2 values");
    assertThatThrownBy(() -> PairedDifferences.of(new double[1], new double[1]))
        .hasMessageContaining("1 and 1 values");
  }
}
