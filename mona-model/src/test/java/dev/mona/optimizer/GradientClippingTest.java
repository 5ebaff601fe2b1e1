package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
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

  @Test
  void refusesANegativeBound() {
    assertThatThrownBy(() -> GradientClipping.clip(List.of(), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
