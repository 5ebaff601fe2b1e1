package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Array;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class Nd4jDeviceTest {
  private final Nd4jDevice device = new Nd4jEngine().open(DeviceSpec.of(ElementType.FLOAT));

  @Test
  void anArrayAndItsIndArrayAreTheSameElements() {
    INDArray values = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}});
    Array array = device.wrap(values);
    assertThat(Nd4jDevice.unwrap(array)).isSameAs(values);
    device.vectors().scale(array.slice(1, 2), 10, array.slice(1, 2));
    assertThat(values.ravel().toFloatVector()).containsExactly(1, 2, 3, 40, 50, 60);
    array.close();
    assertThat(values.wasClosed()).isFalse();
  }

  @Test
  void vectorsOfAnyOrderAreWrapped() {
    INDArray values = Nd4j.create(new float[] {1, 2, 3}, new long[] {1, 3}, 'f');
    Array array = device.wrap(values);
    array.put(new float[] {4, 5, 6}, 0);
    assertThat(values.toFloatVector()).containsExactly(4, 5, 6);
  }

  @Test
  void otherTypesAndOrdersAreRefused() {
    assertThatThrownBy(() -> device.wrap(Nd4j.create(DataType.DOUBLE, 2, 3)))
        .hasMessage("DOUBLE values of shape [2, 3] in order c are no row-major array of FLOAT");
    assertThatThrownBy(() -> device.wrap(Nd4j.create(DataType.FLOAT, new long[] {2, 3}, 'f')))
        .hasMessageContaining("in order f");
    assertThatThrownBy(() -> device.wrap(Nd4j.create(DataType.FLOAT, 2, 3).permute(1, 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> device.wrap(Nd4j.create(DataType.FLOAT, 4, 3).getColumn(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
