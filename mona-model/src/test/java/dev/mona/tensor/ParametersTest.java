package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {
  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder().add("a", 2, 3).add("b", 4).add("c", 1, 2, 2).build();

  private static float[] counted() {
    float[] values = new float[14];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 0.5f;
    }
    return values;
  }

  @Test
  void aLayoutHasNoGaps() {
    assertThat(LAYOUT.length()).isEqualTo(14);
    assertThat(LAYOUT.entries())
        .extracting(ParameterLayout.Entry::name)
        .containsExactly("a", "b", "c");
    assertThat(LAYOUT.entries())
        .extracting(ParameterLayout.Entry::offset)
        .containsExactly(0L, 6L, 10L);
    assertThat(LAYOUT.entries())
        .extracting(ParameterLayout.Entry::length)
        .containsExactly(6L, 4L, 4L);
    assertThat(LAYOUT.entry("c").shape()).containsExactly(1, 2, 2);
  }

  @Test
  void aLayoutRefusesWhatItDoesNotHold() {
    assertThatThrownBy(() -> LAYOUT.entry("d")).hasMessage("no parameter named d in [a, b, c]");
    assertThatThrownBy(() -> ParameterLayout.builder().add("a", 1).add("a", 2).build())
        .hasMessage("parameter a is listed twice");
    assertThatThrownBy(() -> ParameterLayout.builder().add("a", 3, 0))
        .hasMessage("size of a is 0, must be >= 1");
    assertThatThrownBy(() -> ParameterLayout.builder().add("a", Long.MAX_VALUE, 2))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void viewsAreWindowsIntoTheVector(Device device) {
    Parameters parameters = Parameters.zeros(LAYOUT, device);
    assertThat(parameters.device()).isSameAs(device);
    assertThat(parameters.toFloats()).hasSize(14).containsOnly(0);
    assertThat(parameters.length()).isEqualTo(14);
    parameters.assign(counted());
    assertThat(parameters.view("a").shape()).containsExactly(2, 3);
    assertThat(Values.of(parameters.view("a")).at(1, 0)).isEqualTo(3.5);
    assertThat(Values.of(parameters.view("b")).at(3)).isEqualTo(9.5);
    assertThat(Values.of(parameters.view("c")).at(0, 1, 0)).isEqualTo(12.5);
    device.vectors().fill(parameters.view("c"), -1);
    assertThat(parameters.toFloats()[9]).isEqualTo(9.5f);
    assertThat(parameters.toFloats()[10]).isEqualTo(-1);
    device.vectors().scale(parameters.vector(), 2, parameters.vector());
    assertThat(parameters.view("b").toFloats()[0]).isEqualTo(13);
    assertThat(parameters.toFloats()).startsWith(1, 3).endsWith(-2, -2, -2, -2).hasSize(14);
    parameters.clear();
    assertThat(parameters.view("c").toFloats()).containsOnly(0);
  }

  @Test
  void refusesNamesAndLengthsThatAreNotItsOwn() {
    Parameters parameters = Parameters.zeros(LAYOUT, TestDevice.floats());
    assertThatThrownBy(() -> parameters.view("d")).hasMessage("no parameter named d in [a, b, c]");
    assertThatThrownBy(() -> parameters.assign(new float[13]))
        .hasMessage("got 13 values for a vector of 14");
  }

  @Test
  void copiesShareNothing() {
    Parameters parameters = Parameters.zeros(LAYOUT, TestDevice.floats());
    parameters.assign(counted());
    Parameters copy = parameters.copy();
    Parameters zeros = parameters.zerosLike();
    float[] host = parameters.toFloats();
    TestDevice.floats().vectors().fill(parameters.vector(), 7);
    assertThat(copy.toFloats()).containsExactly(counted());
    assertThat(zeros.toFloats()).containsOnly(0);
    assertThat(host).containsExactly(counted());
    TestDevice.floats().vectors().fill(copy.view("a"), 3);
    assertThat(copy.toFloats()[0]).isEqualTo(3);
  }

  @Test
  void overAViewWritesThroughBothWays() {
    float[] values = new float[20];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Array whole = TestDevice.floats().of(values, values.length);
    Parameters parameters = Parameters.over(LAYOUT, whole.view(5, 14));
    assertThat(Values.of(parameters.view("a")).at(1, 2)).isEqualTo(10);
    assertThat(Values.of(parameters.view("b")).at(0)).isEqualTo(11);
    TestDevice.floats().vectors().fill(parameters.view("b"), -1);
    TestDevice.floats().vectors().fill(whole.view(5, 1), 99);
    assertThat(whole.view(10, 6).toFloats()).containsExactly(10, -1, -1, -1, -1, 15);
    assertThat(Values.of(parameters.view("a")).at(0, 0)).isEqualTo(99);
    assertThat(parameters.toFloats()).startsWith(99, 6).endsWith(17, 18).hasSize(14);
    parameters.close();
    assertThat(whole.toFloats()).as("its owner's to close").endsWith(18, 19);
  }

  @Test
  void overAnotherLengthOrRankIsRefused() {
    assertThatThrownBy(() -> Parameters.over(LAYOUT, TestDevice.floats().zeros(8)))
        .hasMessageContaining("[8]")
        .hasMessageContaining("14 parameters");
    assertThatThrownBy(() -> Parameters.over(LAYOUT, TestDevice.floats().zeros(1, 14)))
        .hasMessageContaining("[1, 14]");
  }

  @Test
  void aSetKnowsItsGroups() {
    Parameters one = Parameters.zeros(LAYOUT, TestDevice.floats());
    Parameters two =
        Parameters.zeros(ParameterLayout.builder().add("x", 5).build(), TestDevice.floats());
    ParameterSet set = new ParameterSet(one, two, one.copy());
    assertThat(set.get(ParameterGroup.ENCODER)).isSameAs(set.encoder()).isSameAs(two);
    assertThat(set.embedder()).isSameAs(one);
    assertThat(set.length(List.of(ParameterGroup.EMBEDDER, ParameterGroup.ENCODER))).isEqualTo(19);
    TestDevice.floats().vectors().fill(two.vector(), 1);
    assertThat(set.zeros().encoder().toFloats()).hasSize(5).containsOnly(0);
  }
}
