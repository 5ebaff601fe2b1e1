package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LbfgsTest {
  private static final INDArray SCALES = Nd4j.createFromArray(1.0, 10, 100, 1000, 0.01);
  private static final INDArray TARGET = Nd4j.createFromArray(3.0, -1, 0.5, 2, -4);

  private static double quadratic(INDArray point, INDArray gradient) {
    INDArray off = point.sub(TARGET);
    gradient.assign(off.mul(SCALES));
    return gradient.mul(off).sumNumber().doubleValue() / 2;
  }

  @Test
  void solvesAnIllConditionedQuadratic() {
    Lbfgs.Minimum minimum =
        Lbfgs.minimise(LbfgsTest::quadratic, SCALES.like().assign(0), 1e-10, 200);
    assertThat(minimum.converged()).isTrue();
    assertThat(minimum.point().toDoubleVector())
        .containsExactly(TARGET.toDoubleVector(), within(1e-7));
  }

  @Test
  void saysWhenTheStepsRanOut() {
    Lbfgs.Minimum minimum = Lbfgs.minimise(LbfgsTest::quadratic, SCALES.like().assign(0), 1e-10, 2);
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
