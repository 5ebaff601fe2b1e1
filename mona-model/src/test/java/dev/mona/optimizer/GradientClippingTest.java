package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GradientClippingTest {

  @Test
  void scalesAllPartsByTheirGlobalNorm() {
    INDArray a = Nd4j.createFromArray(3f, 0f);
    INDArray b = Nd4j.createFromArray(new float[][] {{0f}, {4f}});
    assertThat(GradientClipping.clip(List.of(a, b), 2.5)).isEqualTo(5);
    assertThat(a.toFloatVector()).containsExactly(1.5f, 0f);
    assertThat(b.reshape(2).toFloatVector()).containsExactly(0f, 2f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 5, 100})
  void leavesSmallGradientsAndNoBoundAlone(double maxNorm) {
    INDArray a = Nd4j.createFromArray(3f, 4f);
    assertThat(GradientClipping.clip(List.of(a), maxNorm)).isEqualTo(5);
    assertThat(a.toFloatVector()).containsExactly(3f, 4f);
  }

  @Test
  void reportsANormThatIsNotFinite() {
    INDArray a = Nd4j.createFromArray(3f, Float.NaN);
    assertThat(GradientClipping.clip(List.of(a), 1)).isNaN();
    assertThat(a.getFloat(0)).isEqualTo(3f);
    INDArray b = Nd4j.createFromArray(3f, Float.POSITIVE_INFINITY);
    assertThat(GradientClipping.clip(List.of(b), 1)).isInfinite();
    assertThat(b.getFloat(0)).isEqualTo(3f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1023, 1024, 1025, 5_000_011})
  void keepsDigitsOfALongFloatVector(int n) {
    Random random = new Random(5);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat();
    }
    INDArray a = Nd4j.createFromArray(values);
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double norm = GradientClipping.norm(List.of(a));
    assertThat(norm / Math.sqrt(squares)).isCloseTo(1, within(1e-6));
    assertThat(GradientClipping.norm(List.of(a))).as("again").isEqualTo(norm);
  }

  @Test
  void refusesANegativeBound() {
    assertThatThrownBy(() -> GradientClipping.clip(List.of(), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
