package dev.mona.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.objective.TransportDistance.ClassDistance;
import dev.mona.objective.TransportDistance.Distance;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportDistanceTest {
  private static final double REG = 0.1;

  private static float[] gaussian(int n, double mean, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return values;
  }

  private static double[][] rows(float[] values, int width) {
    return IntStream.range(0, values.length / width)
        .mapToObj(i -> IntStream.range(0, width).mapToDouble(w -> values[i * width + w]).toArray())
        .toArray(double[][]::new);
  }

  /** Both parts of the cost are half the squared distance of the only two points. */
  @Test
  void betweenTwoPointsItIsTheirSquaredDistance() {
    TransportDistance distance = new TransportDistance(new float[] {1, 2}, new int[] {5}, REG);
    Distance measured = distance.of(new float[] {4, -2}, new int[] {0});
    assertThat(measured.value()).isCloseTo(25, within(1e-9));
    // label distances are constants: the gradient of half the square
    assertThat(measured.gradient()).containsExactly(new float[] {3, -4}, within(1e-6f));
  }

  @Test
  void classesOfOnePointEachAreWeightedByFrequency() {
    TransportDistance distance = new TransportDistance(new float[] {0, 0}, new int[] {0}, REG);
    // a class of two equal points, one of a single point
    Distance measured = distance.of(new float[] {1, 1, 0, 3, 1, 1}, new int[] {4, 2, 4});
    assertThat(measured.value()).isCloseTo(2.0 / 3 * 2 + 1.0 / 3 * 9, within(1e-5));
    assertThat(measured.gradient())
        .containsExactly(new float[] {1 / 3f, 1 / 3f, 0, 1, 1 / 3f, 1 / 3f}, within(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7, 17, 33})
  void isZeroBetweenASetOfOneClassAndItself(int n) {
    float[] features = gaussian(3 * n, 0, n);
    int[] labels = new int[n];
    Distance measured = new TransportDistance(features, labels, REG).of(features, labels);
    assertThat(measured.value()).isCloseTo(0, within(1e-3));
    for (float slope : measured.gradient()) {
      assertThat(slope).isCloseTo(0, within(1e-3f));
    }
  }

  @Test
  void isSymmetricBetweenSetsOfOneClass() {
    float[] a = gaussian(3 * 7, 0, 1);
    float[] b = gaussian(3 * 4, 1, 2);
    double there = new TransportDistance(a, new int[7], REG).of(b, new int[4]).value();
    double back = new TransportDistance(b, new int[4], REG).of(a, new int[7]).value();
    assertThat(there).isPositive().isCloseTo(back, within(1e-4));
  }

  /** With hardly any entropy, one class each, equal sizes: twice the half of the best matching. */
  @Test
  void weakRegularisationGivesTheSquaredWassersteinDistance() {
    float[] x = {0, 0, 3, 0, 0, 5};
    float[] z = {0, 6, 1, 0, 3, 1};
    // (0,6)-(0,5), (1,0)-(0,0), (3,1)-(3,0)
    double wasserstein = (1.0 + 1 + 1) / 3;
    Distance measured = new TransportDistance(x, new int[3], 1e-3).of(z, new int[3]);
    assertThat(measured.value()).isCloseTo(wasserstein, within(1e-5));
    assertThat(measured.gradient())
        .containsExactly(new float[] {0, 1 / 3f, 1 / 3f, 0, 0, 1 / 3f}, within(1e-4f));
  }

  @Test
  void labelDistancesAreZeroForTheClassItselfAndSeeHowFarOthersAre() {
    float[] x = gaussian(2 * 12, 0, 4);
    int[] labels = IntStream.range(0, 12).map(i -> 10 * (i / 6)).toArray();
    for (int i = 12; i < 24; i++) {
      x[i] += 5;
    }
    TransportDistance distance = new TransportDistance(x, labels, REG);
    double[] first = distance.labelDistances(rows(Arrays.copyOf(x, 12), 2));
    assertThat(first).hasSize(2);
    assertThat(first[0]).isCloseTo(0, within(1e-5));
    // shifted by (5, 5), up to the difference of the samples
    assertThat(first[1]).isBetween(30.0, 90.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 7})
  void gradientIsThatOfTheDivergence(int n) {
    int width = 3;
    float[] x = gaussian(width * 9, 0.5, 8);
    int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 1};
    TransportDistance distance = new TransportDistance(x, labels, 0.3);
    double[][] z = rows(gaussian(width * n, -0.5, n), width);
    double[] between = {0.4, 1.7, 0.9};
    ClassDistance at = distance.ofClass(z, between);
    double step = 1e-3;
    for (int i = 0; i < n; i++) {
      for (int w = 0; w < width; w++) {
        double here = z[i][w];
        z[i][w] = here + step;
        double above = distance.ofClass(z, between).value();
        z[i][w] = here - step;
        double below = distance.ofClass(z, between).value();
        z[i][w] = here;
        assertThat(at.gradient()[i][w])
            .as("n %d, point %d, axis %d", n, i, w)
            .isCloseTo((above - below) / (2 * step), within(1e-3));
      }
    }
  }

  @Test
  void isTheWeightedSumOverClasses() {
    float[] x = gaussian(2 * 8, 0, 5);
    int[] labels = {0, 0, 0, 3, 3, 3, 3, 0};
    TransportDistance distance = new TransportDistance(x, labels, REG);
    float[] z = gaussian(2 * 5, 1, 6);
    int[] classes = {1, 0, 1, 1, 0};
    double[][] one = rows(new float[] {z[2], z[3], z[8], z[9]}, 2);
    double[][] two = rows(new float[] {z[0], z[1], z[4], z[5], z[6], z[7]}, 2);
    double expected =
        0.4 * distance.ofClass(one, distance.labelDistances(one)).value()
            + 0.6 * distance.ofClass(two, distance.labelDistances(two)).value();
    assertThat(distance.of(z, classes).value()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void followingTheGradientClosesTheDistance() {
    float[] x = gaussian(4 * 30, 0, 9);
    int[] labels = IntStream.range(0, 30).map(i -> i % 3).toArray();
    TransportDistance distance = new TransportDistance(x, labels, REG);
    float[] z = gaussian(4 * 12, 3, 10);
    int[] classes = IntStream.range(0, 12).map(i -> i % 2).toArray();
    double before = distance.of(z, classes).value();
    for (int step = 0; step < 40; step++) {
      float[] slope = distance.of(z, classes).gradient();
      for (int i = 0; i < z.length; i++) {
        z[i] -= 2 * slope[i];
      }
    }
    assertThat(distance.of(z, classes).value()).isLessThan(0.2 * before);
  }

  @Test
  void refusesWhatIsNoSet() {
    assertThatThrownBy(() -> new TransportDistance(new float[5], new int[2], REG))
        .hasMessageContaining("2 labels cannot share 5 values");
    assertThatThrownBy(() -> new TransportDistance(new float[4], new int[2], 0))
        .hasMessageContaining("regularisation is 0.0");
  }
}
