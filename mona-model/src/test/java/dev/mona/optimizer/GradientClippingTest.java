package dev.mona.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {

  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void scalesAllPartsByTheirGlobalNorm(Device device) {
    Array a = device.of(new float[] {3, 0}, 2);
    Array b = device.of(new float[] {0, 4}, 2, 1);
    assertThat(GradientClipping.norm(List.of(a, b)).value()).isCloseTo(5, within(1e-15));
    GradientClipping.clip(List.of(a, b), 5, 2.5);
    assertThat(a.toFloats()).containsExactly(1.5f, 0f);
    assertThat(b.toFloats()).containsExactly(0f, 2f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {4, Double.NaN, Double.POSITIVE_INFINITY})
  void leavesShortGradientsAndThoseThatAreNotFinite(double norm) {
    Array a = TestDevice.floats().of(new float[] {3, 1}, 2);
    GradientClipping.clip(List.of(a), norm, 4);
    GradientClipping.clip(List.of(a), norm, 0);
    assertThat(a.toFloats()).containsExactly(3f, 1f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN})
  void refusesABoundThatIsNone(double bound) {
    assertThatThrownBy(() -> GradientClipping.clip(List.of(), 1, bound))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
