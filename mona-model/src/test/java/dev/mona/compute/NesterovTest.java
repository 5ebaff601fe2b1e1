package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NesterovTest {
  /**
   * Half of x squared, of which the local steps of all workers leave half of x. With rate and
   * momentum 1/2 from 8 on, by hand: d = 4, 2.5, 1.3125; u = 4, 4.5, 3.5625.
   */
  @Test
  void stepsOnAQuadraticAreThoseByHand() {
    Nesterov rule = new Nesterov(0.5, 0.5);
    float[] x = {8};
    float[] velocity = {0};
    float[] expected = {5, 2.625f, 1.078125f};
    float[] velocities = {4, 4.5f, 3.5625f};
    for (int t = 0; t < expected.length; t++) {
      float[] mean = {x[0] / 2};
      rule.step(x, velocity, 0, mean, 1);
      x = mean;
      assertThat(x[0]).isEqualTo(expected[t]);
      assertThat(velocity[0]).isEqualTo(velocities[t]);
    }
  }

  @Test
  void withRateOneAndNoMomentumItIsTheMeanToTheBit() {
    Random random = new Random(5);
    float[] before = gaussian(random, 4096);
    float[] mean = gaussian(random, 4096);
    mean[7] = 0;
    before[8] = 0;
    mean[9] = before[9] * (1 << 27);
    mean[10] = before[10] / (1 << 27);
    float[] found = mean.clone();
    new Nesterov(1, 0).step(before, new float[4096], 0, found, 4096);
    assertThat(found).containsExactly(mean);
  }

  /**
   * Written out over the past: u_t is the sum of momentum^(t-s) d_s, and x moves by rate times d_t
   * and momentum times that.
   */
  @ParameterizedTest
  @CsvSource({"0.7, 0.9", "1, 0", "0.3, 0.5"})
  void agreesWithTheSumOverAllRounds(double rate, double momentum) {
    int rounds = 12;
    Random random = new Random(3);
    float[] x = {1.5f};
    float[] velocity = {0};
    double plain = x[0];
    double[] moved = new double[rounds];
    for (int t = 0; t < rounds; t++) {
      float change = (float) (0.1 * random.nextGaussian());
      float[] mean = {x[0] - change};
      new Nesterov(rate, momentum).step(x, velocity, 0, mean, 1);
      moved[t] = change;
      double past = 0;
      for (int s = 0; s <= t; s++) {
        past += Math.pow(momentum, t - s) * moved[s];
      }
      plain -= rate * (moved[t] + momentum * past);
      x = mean;
    }
    assertThat((double) x[0]).isCloseTo(plain, within(1e-5));
  }

  /** Only the values that are asked for, at their places. */
  @Test
  void stepsOverSomeValues() {
    float[] before = {1, 2, 3, 4};
    float[] velocity = {10, 10, 10, 10};
    float[] values = {1, 1, 7};
    new Nesterov(1, 0.5).step(before, velocity, 1, values, 2);
    assertThat(velocity).containsExactly(10, 6, 7, 10);
    assertThat(values).containsExactly(2 - (1 + 3), 3 - (2 + 3.5f), 7);
    assertThat(before).containsExactly(1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteStaysSo(float bad) {
    for (double momentum : new double[] {0, 0.9}) {
      float[] mean = {bad};
      new Nesterov(0.7, momentum).step(new float[] {1}, new float[] {0}, 0, mean, 1);
      assertThat(Float.isFinite(mean[0])).isFalse();
      float[] finite = {1};
      new Nesterov(0.7, momentum).step(new float[] {1}, new float[] {bad}, 0, finite, 1);
      assertThat(Float.isFinite(finite[0])).isFalse();
    }
  }

  @Test
  void refusesWhatIsNoDescent() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Nesterov(rate, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("rate is " + rate);
    }
    for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new Nesterov(0.7, momentum))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("momentum is " + momentum);
    }
  }

  private static float[] gaussian(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
