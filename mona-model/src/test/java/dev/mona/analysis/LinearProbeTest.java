package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.TestDevice;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LinearProbeTest {
  static {
    TestDevice.load();
  }

  /** Gaussian clouds around random centres, {@code spread} wide, as float. */
  private static INDArray clouds(int[] labels, int classes, int width, double spread, long seed) {
    Random random = new Random(seed);
    double[][] centres = new double[classes][width];
    for (double[] centre : centres) {
      for (int w = 0; w < width; w++) {
        centre[w] = random.nextGaussian();
      }
    }
    float[][] x = new float[labels.length][width];
    for (int i = 0; i < x.length; i++) {
      for (int w = 0; w < width; w++) {
        x[i][w] = (float) (centres[labels[i]][w] + spread * random.nextGaussian());
      }
    }
    return Nd4j.createFromArray(x);
  }

  private static int[] cyclic(int n, int classes) {
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % classes;
    }
    return labels;
  }

  @Test
  void separatesWhatIsSeparable() {
    int[] labels = cyclic(60, 4);
    INDArray features = clouds(labels, 4, 9, 0.05, 1);
    INDArray before = features.dup();
    LinearProbe probe = LinearProbe.fit(features, labels, 4);
    assertThat(probe.converged()).isTrue();
    assertThat(probe.errorRate(features, labels)).isZero();
    assertThat(features).as("input is read only").isEqualTo(before);
    // The same probe on features of another place fails.
    assertThat(probe.errorRate(features.neg(), labels)).isGreaterThan(0.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 1e-2, 1})
  void endsWhereTheGradientVanishes(double l2) {
    int n = 50;
    int classes = 3;
    int[] labels = cyclic(n, classes);
    INDArray features = clouds(labels, classes, 5, 1.5, 2).castTo(DataType.DOUBLE);
    LinearProbe probe = LinearProbe.fit(features, labels, classes, l2);
    assertThat(probe.gradientNorm()).isLessThan(1e-7);

    // Second implementation: at the optimum the residuals (p - y) / n give A = -x' residual / l2,
    // so that logits rebuilt from them equal the probe's up to one constant a class.
    double[][] x = features.toDoubleMatrix();
    double[][] logits = probe.logits(features).toDoubleMatrix();
    double[][] residual = new double[n][classes];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (double z : logits[i]) {
        sum += Math.exp(z);
      }
      for (int k = 0; k < classes; k++) {
        residual[i][k] = (Math.exp(logits[i][k]) / sum - (labels[i] == k ? 1 : 0)) / n;
      }
    }
    double variance = 0;
    for (int w = 0; w < x[0].length; w++) {
      variance += column(x, w, column(x, w, 0, 1), 2) / x[0].length;
    }
    double deviation = Math.sqrt(variance);
    for (int k = 0; k < classes; k++) {
      double offset = 0;
      for (int i = 0; i < n; i++) {
        double rebuilt = 0;
        for (int w = 0; w < x[0].length; w++) {
          double mean = column(x, w, 0, 1);
          double weight = 0;
          for (int j = 0; j < n; j++) {
            weight -= (x[j][w] - mean) / deviation * residual[j][k] / l2;
          }
          rebuilt += (x[i][w] - mean) / deviation * weight;
        }
        if (i == 0) {
          offset = logits[i][k] - rebuilt;
        }
        assertThat(logits[i][k] - rebuilt).isCloseTo(offset, within(1e-6 * (1 + 1 / l2)));
      }
    }
  }

  private static double column(double[][] x, int w, double centre, int power) {
    double sum = 0;
    for (double[] row : x) {
      sum += Math.pow(row[w] - centre, power) / x.length;
    }
    return sum;
  }

  @Test
  void aSmallShiftOfANearlyConstantFeatureChangesNothing() {
    int[] labels = cyclic(60, 4);
    INDArray features = clouds(labels, 4, 9, 0.5, 3).castTo(DataType.DOUBLE);
    INDArray faint = features.getColumn(8);
    faint.muli(1e-6);
    LinearProbe probe = LinearProbe.fit(features, labels, 4);
    double before = probe.errorRate(features, labels);
    faint.addi(1e-3);
    assertThat(probe.errorRate(features, labels)).isEqualTo(before);
  }

  @Test
  void findsTheOneWeightOfASmallProblem() {
    // Feature -1 or 1, class agrees with its sign in 3 of 4 samples. By symmetry the logits are
    // (-a x, a x) and the optimum solves sigmoid(2a) - 3/4 + l2 a = 0.
    INDArray features =
        Nd4j.createFromArray(new float[][] {{1}, {1}, {1}, {1}, {-1}, {-1}, {-1}, {-1}});
    int[] labels = {1, 1, 1, 0, 0, 0, 0, 1};
    double l2 = 0.05;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double a = (low + high) / 2;
      if (1 / (1 + Math.exp(-2 * a)) - 0.75 + l2 * a > 0) {
        high = a;
      } else {
        low = a;
      }
    }
    LinearProbe probe = LinearProbe.fit(features, labels, 2, l2);
    assertThat(probe.logits(features).getRow(0).toDoubleVector())
        .containsExactly(new double[] {-low, low}, within(1e-6));
    assertThat(probe.errorRate(features, labels)).isEqualTo(0.25);
  }

  @Test
  void fallsBackToClassFrequenciesWithoutInformation() {
    INDArray features = Nd4j.ones(DataType.FLOAT, 10, 3).muli(0.1f);
    int[] labels = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
    LinearProbe probe = LinearProbe.fit(features, labels, 3);
    double[] logits = probe.logits(features).getRow(4).toDoubleVector();
    assertThat(logits[0] - logits[1]).isCloseTo(Math.log(5.0 / 3), within(1e-5));
    assertThat(logits[0] - logits[2]).isCloseTo(Math.log(5.0 / 2), within(1e-5));
    assertThat(probe.errorRate(features, labels)).isEqualTo(0.5);
  }

  @Test
  void doesNotDependOnTheScaleOfAFeature() {
    int[] labels = cyclic(40, 3);
    INDArray features = clouds(labels, 3, 4, 1, 3).castTo(DataType.DOUBLE);
    INDArray scaled = features.mul(1000).addi(5);
    double[] expected =
        LinearProbe.fit(features, labels, 3).logits(features).ravel().toDoubleVector();
    assertThat(LinearProbe.fit(scaled, labels, 3).logits(scaled).ravel().toDoubleVector())
        .containsExactly(expected, within(1e-4));
  }

  @Test
  void givesTheSameBitsAgain() {
    int[] labels = cyclic(70, 7);
    INDArray features = clouds(labels, 7, 33, 3, 4);
    assertThat(LinearProbe.fit(features, labels, 7).logits(features))
        .isEqualTo(LinearProbe.fit(features, labels, 7).logits(features));
  }

  @Test
  void fitsTheSizeOfTheSourceTask() {
    int[] labels = cyclic(2700, 45);
    INDArray features = clouds(labels, 45, 384, 5, 4);
    LinearProbe probe = LinearProbe.fit(features, labels, 45);
    assertThat(probe.converged()).as("gradient %g", probe.gradientNorm()).isTrue();
    assertThat(probe.errorRate(features, labels)).isLessThan(0.05);
  }

  @Test
  void refusesLabelsAndShapesThatDoNotFit() {
    INDArray features = Nd4j.ones(2, 3);
    assertThatThrownBy(() -> LinearProbe.fit(features, new int[] {0}, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LinearProbe.fit(features, new int[] {0, 2}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("class label is 2");
    assertThatThrownBy(() -> LinearProbe.fit(features, new int[] {0, 1}, 2, 0))
        .isInstanceOf(IllegalArgumentException.class);
    LinearProbe probe = LinearProbe.fit(features, new int[] {0, 1}, 2);
    assertThatThrownBy(() -> probe.logits(Nd4j.ones(2, 4)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
