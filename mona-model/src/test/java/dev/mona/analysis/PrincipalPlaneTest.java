package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

class PrincipalPlaneTest {

  /** Rows c + t (3, 4, 0): all of the variance lies along (0.6, 0.8, 0). */
  @Test
  void aLineHasOneDirection() {
    float[] rows = {1, 2, 7, 4, 6, 7, 7, 10, 7, -8, -10, 7};
    PrincipalPlane plane = PrincipalPlane.fit(rows, 3);
    assertThat(plane.shares()[0]).isCloseTo(1, within(1e-12));
    assertThat(plane.shares()[1]).isZero();
    double[][] points = plane.of(rows);
    double[] steps = {0, 1, 2, -3};
    for (int i = 0; i < steps.length; i++) {
      assertThat(points[i][0]).isCloseTo(5 * steps[i], within(1e-9));
      assertThat(points[i][1]).isZero();
    }
  }

  @Test
  void rowsThatAreEqualLieInOnePoint() {
    PrincipalPlane plane = PrincipalPlane.fit(new float[] {1, 2, 1, 2}, 2);
    assertThat(plane.shares()).containsExactly(0, 0);
    assertThat(plane.of(new float[] {5, 5})[0]).containsExactly(0, 0);
    assertThat(PrincipalPlane.fit(new float[] {1, 2}, 2).of(new float[] {1, 2})[0])
        .containsExactly(0, 0);
  }

  /** The singular values and vectors of the centred rows, up to the sign that is fixed here. */
  @Test
  void agreesWithTheSingularValueDecomposition() {
    int n = 23;
    int width = 9;
    Random random = new Random(3);
    float[] rows = new float[n * width];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (random.nextGaussian() * (1 + i % width) + 2);
    }
    double[][] centred = new double[n][width];
    for (int w = 0; w < width; w++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += rows[i * width + w] / (double) n;
      }
      for (int i = 0; i < n; i++) {
        centred[i][w] = rows[i * width + w] - mean;
      }
    }
    SingularValueDecomposition svd =
        new SingularValueDecomposition(new Array2DRowRealMatrix(centred));
    double all = Arrays.stream(svd.getSingularValues()).map(s -> s * s).sum();
    PrincipalPlane plane = PrincipalPlane.fit(rows, width);
    double[][] points = plane.of(rows);
    for (int k = 0; k < 2; k++) {
      double s = svd.getSingularValues()[k];
      assertThat(plane.shares()[k]).isCloseTo(s * s / all, within(1e-9));
      double[] v = svd.getV().getColumn(k);
      double largest = Arrays.stream(v).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
      for (int i = 0; i < n; i++) {
        double expected = Math.signum(largest) * s * svd.getU().getEntry(i, k);
        assertThat(points[i][k]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void whatAreNoRowsIsRefused() {
    assertThatThrownBy(() -> PrincipalPlane.fit(new float[3], 2)).hasMessageContaining("not rows");
    assertThatThrownBy(() -> PrincipalPlane.fit(new float[0], 2)).hasMessageContaining("not rows");
  }
}
