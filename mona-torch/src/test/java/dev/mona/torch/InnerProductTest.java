package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerProductTest {
  private static final Device FLOATS =
      Engines.named("torch").open(DeviceSpec.of(ElementType.FLOAT));

  @ParameterizedTest
  @ValueSource(ints = {1, 4095, 4096, 4097, 262_143, 262_145, 800_001})
  void sumsInDoubleInAnOrderOfItsOwn(int n) {
    Values x = Values.of(Values.gaussian(new Random(1), n).on(FLOATS));
    Values y = Values.of(Values.gaussian(new Random(2), n).on(FLOATS));
    double expected = 0;
    for (int i = 0; i < n; i++) {
      expected += x.flat()[i] * y.flat()[i];
    }
    try (Array a = x.on(FLOATS);
        Array b = y.on(FLOATS)) {
      FLOATS.bind(1);
      double one = FLOATS.vectors().dot(a, b).value();
      FLOATS.bind(2);
      assertThat(one).isCloseTo(expected, within(1e-10 * n));
      assertThat(FLOATS.vectors().dot(a, b).value()).isEqualTo(one);
      assertThat(FLOATS.vectors().dot(a, a).value())
          .isCloseTo(x.norm() * x.norm(), within(1e-10 * n));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 20_000_001})
  void smallPartsAreNotLost(int n) {
    try (Array ones = FLOATS.allocate(n)) {
      FLOATS.vectors().fill(ones, 1);
      assertThat(FLOATS.vectors().dot(ones, ones).value()).isEqualTo(n);
    }
  }
}
