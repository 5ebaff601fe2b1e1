package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void viewsAreWindowsIntoTheVector(DataType type) {
    Parameters parameters = Parameters.zeros(LAYOUT, type);
    assertThat(parameters.vector().dataType()).isEqualTo(type);
    assertThat(parameters.length()).isEqualTo(14);
    parameters.assign(counted());
    assertThat(parameters.view("a").shape()).containsExactly(2, 3);
    assertThat(parameters.view("a").getDouble(1, 0)).isEqualTo(3.5);
    assertThat(parameters.view("b").getDouble(3)).isEqualTo(9.5);
    assertThat(parameters.view("c").getDouble(0, 1, 0)).isEqualTo(12.5);
    parameters.view("c").assign(-1);
    assertThat(parameters.vector().getDouble(9)).isEqualTo(9.5);
    assertThat(parameters.vector().getDouble(10)).isEqualTo(-1);
    parameters.vector().muli(2);
    assertThat(parameters.view("b").getDouble(0)).isEqualTo(13);
    assertThat(parameters.toFloats()).startsWith(1, 3).endsWith(-2, -2, -2, -2).hasSize(14);
  }

  @Test
  void refusesNamesAndLengthsThatAreNotItsOwn() {
    Parameters parameters = Parameters.zeros(LAYOUT, DataType.FLOAT);
    assertThatThrownBy(() -> parameters.view("d")).hasMessage("no parameter named d in [a, b, c]");
    assertThatThrownBy(() -> parameters.assign(new float[13]))
        .hasMessage("got 13 values for a vector of 14");
  }

  @Test
  void copiesShareNothing() {
    Parameters parameters = Parameters.zeros(LAYOUT, DataType.FLOAT);
    parameters.assign(counted());
    Parameters copy = parameters.copy();
    Parameters zeros = parameters.zerosLike();
    float[] host = parameters.toFloats();
    parameters.vector().assign(7);
    assertThat(copy.toFloats()).containsExactly(counted());
    assertThat(zeros.toFloats()).containsOnly(0);
    assertThat(host).containsExactly(counted());
    copy.view("a").assign(3);
    assertThat(copy.vector().getDouble(0)).isEqualTo(3);
  }

  @Test
  void overAViewWritesThroughBothWays() {
    INDArray whole = Nd4j.arange(20).castTo(DataType.FLOAT);
    Parameters parameters = Parameters.over(LAYOUT, whole.get(NDArrayIndex.interval(5, 19)));
    assertThat(parameters.view("a").getFloat(1, 2)).isEqualTo(10);
    assertThat(parameters.view("b").getFloat(0)).isEqualTo(11);
    parameters.view("b").assign(-1);
    whole.putScalar(5, 99);
    assertThat(whole.get(NDArrayIndex.interval(10, 16)).toFloatVector())
        .containsExactly(10, -1, -1, -1, -1, 15);
    assertThat(parameters.view("a").getFloat(0, 0)).isEqualTo(99);
    assertThat(parameters.toFloats()).startsWith(99, 6).endsWith(17, 18).hasSize(14);
  }

  @Test
  void overAnotherLengthOrRankIsRefused() {
    assertThatThrownBy(() -> Parameters.over(LAYOUT, Nd4j.zeros(DataType.FLOAT, 8)))
        .hasMessageContaining("[8]")
        .hasMessageContaining("14 parameters");
    assertThatThrownBy(() -> Parameters.over(LAYOUT, Nd4j.zeros(DataType.FLOAT, 1, 14)))
        .hasMessageContaining("[1, 14]");
  }

  @Test
  void aSetKnowsItsGroups() {
    Parameters one = Parameters.zeros(LAYOUT, DataType.FLOAT);
    Parameters two =
        Parameters.zeros(ParameterLayout.builder().add("x", 5).build(), DataType.FLOAT);
    ParameterSet set = new ParameterSet(one, two, one.copy());
    assertThat(set.get(ParameterGroup.ENCODER)).isSameAs(set.encoder()).isSameAs(two);
    assertThat(set.embedder()).isSameAs(one);
    assertThat(set.length(List.of(ParameterGroup.EMBEDDER, ParameterGroup.ENCODER))).isEqualTo(19);
    two.vector().assign(1);
    assertThat(set.zeros().encoder().toFloats()).hasSize(5).containsOnly(0);
  }
}
