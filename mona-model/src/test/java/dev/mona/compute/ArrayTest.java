package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArrayTest {
  static Stream<Device> devices() {
    return TestDevice.all();
  }

  @ParameterizedTest
  @MethodSource("devices")
  void valuesComeAndGoAtAnyPosition(Device device) {
    try (Array array = device.zeros(2, 3)) {
      array.put(new float[] {9, 1, 2, 3, 4, 5, 6, 9}, 1);
      float[] to = new float[8];
      array.get(to, 2);
      assertThat(to).containsExactly(0, 0, 1, 2, 3, 4, 5, 6);
      assertThat(array.scalar().value()).isEqualTo(1);
      assertThat(array.shape()).containsExactly(2, 3);
      assertThat(array.size(-1)).isEqualTo(3);
      assertThat(array.size(0)).isEqualTo(2);
      assertThat(array.rank()).isEqualTo(2);
      assertThat(array.length()).isEqualTo(6);
      assertThat(array.device()).isSameAs(device);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void viewsShareTheElementsAndAreMadeOnce(Device device) {
    try (Array array = device.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12)) {
      Array middle = array.view(2, 4, 2);
      assertThat(middle.toFloats()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9);
      Array rows = middle.slice(1, 3);
      assertThat(rows.shape()).containsExactly(2, 2);
      rows.put(new float[] {-4, -5, -6, -7}, 0);
      assertThat(array.toFloats()).containsExactly(0, 1, 2, 3, -4, -5, -6, -7, 8, 9, 10, 11);
      assertThat(rows.root()).isSameAs(array);
      assertThat(array.view(4, 2, 2)).isSameAs(rows);
      assertThat(rows.reshape(2, 2)).isSameAs(rows);
      assertThat(rows.reshape(4, 1).reshape(2, 2)).isSameAs(rows);
      assertThat(array.view(0, 12)).isSameAs(array);
      assertThat(array.root()).isSameAs(array);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void floatsInThisProcessAreSeenAndChangedInPlace(Device device) {
    try (Array array = device.of(new float[] {0, 1, 2, 3, 4, 5}, 6)) {
      Optional<FloatBuffer> floats = array.view(2, 3).host();
      assertThat(floats.isPresent()).isEqualTo(device.type() == ElementType.FLOAT);
      floats.ifPresent(
          there -> {
            assertThat(there.get(1)).isEqualTo(3);
            there.put(1, -3);
            assertThat(array.toFloats()).containsExactly(0, 1, 2, -3, 4, 5);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void whatIsNoPartIsRefused(Device device) {
    try (Array array = device.zeros(3, 4)) {
      assertThatThrownBy(() -> array.view(1, 12)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> array.view(-1, 2)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> array.reshape(11)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("devices")
  void memoryIsCountedAndGivenBack(Device device) {
    long before = TestDevice.bytesAtRest(device);
    Array array = device.zeros(1 << 20);
    array.view(5, 7).close();
    long bytes = (long) device.type().bytes() << 20;
    assertThat(device.usedBytes() - before).isGreaterThanOrEqualTo(bytes);
    assertThat(array.toFloats()).containsOnly(0);
    array.close();
    array.close();
    assertThat(device.usedBytes()).isLessThan(before + bytes);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void callsAndWaitsAreCounted(Device device) {
    try (Array array = device.zeros(5)) {
      long calls = device.calls();
      long waits = device.waits();
      device.vectors().shift(array, 1, array);
      assertThat(device.calls()).isEqualTo(calls + 1);
      assertThat(device.waits()).isEqualTo(waits);
      assertThat(array.toFloats()).containsOnly(1);
      assertThat(device.waits()).isEqualTo(waits + 1);
    }
  }
}
