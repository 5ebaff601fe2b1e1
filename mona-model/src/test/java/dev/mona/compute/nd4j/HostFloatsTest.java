package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HostFloatsTest {
  private static final float[] VALUES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  @Test
  void aBlockMoveStaysWithinItsView() {
    INDArray all = Nd4j.zeros(DataType.FLOAT, 10);
    HostFloats.copy(VALUES, 1, all.get(NDArrayIndex.interval(2, 8)).reshape('c', 2, 3));
    assertThat(all.toFloatVector()).containsExactly(0, 0, 1, 2, 3, 4, 5, 6, 0, 0);
  }

  @Test
  void anArrayInAnotherOrderOrTypeGetsTheSameValues() {
    INDArray fortran = Nd4j.create(DataType.FLOAT, new long[] {3, 4}, 'f');
    INDArray doubles = Nd4j.create(DataType.DOUBLE, 3, 4);
    assertThat(HostFloats.sees(fortran)).isFalse();
    assertThat(HostFloats.sees(doubles)).isFalse();
    HostFloats.copy(VALUES, 1, fortran);
    HostFloats.copy(VALUES, 1, doubles);
    for (INDArray array : new INDArray[] {fortran, doubles}) {
      assertThat(array.getFloat(0, 0)).isEqualTo(1);
      assertThat(array.getFloat(0, 3)).isEqualTo(4);
      assertThat(array.getFloat(2, 1)).isEqualTo(10);
      float[] back = new float[14];
      HostFloats.copy(array, back, 2);
      assertThat(back).containsExactly(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }
  }
}
