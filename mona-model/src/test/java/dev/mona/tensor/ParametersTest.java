package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ParametersTest {
  private final ParameterLayout layout =
      ParameterLayout.builder().add("weight", 2, 3).add("bias", 3).build();

  @Test
  void overAViewWritesThroughBothWays() {
    INDArray whole = Nd4j.arange(20).castTo(DataType.FLOAT);
    Parameters parameters = Parameters.over(layout, whole.get(NDArrayIndex.interval(5, 14)));
    assertThat(parameters.view("weight").getFloat(1, 2)).isEqualTo(10);
    assertThat(parameters.view("bias").getFloat(0)).isEqualTo(11);
    parameters.view("bias").assign(-1);
    whole.putScalar(5, 99);
    assertThat(whole.get(NDArrayIndex.interval(10, 15)).toFloatVector())
        .containsExactly(10, -1, -1, -1, 14);
    assertThat(parameters.view("weight").getFloat(0, 0)).isEqualTo(99);
  }

  @Test
  void overAnotherLengthOrRankIsRefused() {
    assertThatThrownBy(() -> Parameters.over(layout, Nd4j.zeros(DataType.FLOAT, 8)))
        .hasMessageContaining("[8]")
        .hasMessageContaining("9 parameters");
    assertThatThrownBy(() -> Parameters.over(layout, Nd4j.zeros(DataType.FLOAT, 1, 9)))
        .hasMessageContaining("[1, 9]");
  }
}
