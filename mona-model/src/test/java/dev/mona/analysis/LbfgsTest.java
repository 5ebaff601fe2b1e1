package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LbfgsTest {
  private static final double[] SCALES = {1, 10, 100, 1000, 0.01};
  private static final double[] TARGET = {3, -1, 0.5, 2, -4};
  private static final double[] START = new double[5];

  private static double quadratic(double[] point, double[] gradient) {
    double value = 0;
    for (int i = 0; i < point.length; i++) {
      double off = point[i] - TARGET[i];
      gradient[i] = SCALES[i] * off;
      value += SCALES[i] * off * off / 2;
    }
    return value;
  }

  @Test
  void solvesAnIllConditionedQuadratic() {
    Lbfgs.Minimum minimum = Lbfgs.minimise(LbfgsTest::quadratic, START, 1e-10, 200);
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.point()).containsExactly(TARGET, within(1e-7));
  }

  @Test
  void saysWhenTheStepsRanOut() {
    Lbfgs.Minimum minimum = Lbfgs.minimise(LbfgsTest::quadratic, START, 1e-10, 2);
    assertThat(minimum.converged()).isFalse();
    assertThat(minimum.iterations()).isEqualTo(2);
    assertThat(minimum.gradientNorm()).isGreaterThan(1e-10);
  }

  @Test
  void staysAtAMinimum() {
    Lbfgs.Minimum minimum = Lbfgs.minimise(LbfgsTest::quadratic, TARGET, 1e-10, 200);
    assertThat(minimum.iterations()).isZero();
    assertThat(minimum.converged()).isTrue();
  }
}
