package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void doublesComeBackFromADeviceBitByBit() {
    double[] some = {0, 1, -1e9, 1.0 / 3, Math.PI * 1e20, -1e-15 / 7, Math.nextUp(1.0), 1e300};
    Values values = new Values(some, 2, 4);
    // the largest is beyond what a float holds
    double[] expected = some.clone();
    expected[7] = Double.POSITIVE_INFINITY;
    Values back = Values.of(values.on(TestDevice.doubles()));
    assertThat(back.shape()).containsExactly(2, 4);
    assertThat(back.flat()).containsExactly(expected);
    Values drawn = Values.gaussian(new Random(1), 1000);
    assertThat(Values.of(drawn.on(TestDevice.doubles())).flat()).containsExactly(drawn.flat());
  }

  @Test
  void floatsAreRoundedOnce() {
    Values drawn = Values.gaussian(new Random(2), 3, 5);
    double[] back = Values.of(drawn.on(TestDevice.floats())).flat();
    for (int i = 0; i < back.length; i++) {
      assertThat(back[i]).isEqualTo((float) drawn.flat()[i]);
    }
  }

  @Test
  void aPlaceIsFoundByItsIndices() {
    Values values = Values.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, 3, 2);
    assertThat(values.at(1, 2, 0)).isEqualTo(10);
    assertThat(values.row(4)).containsExactly(8, 9);
    assertThat(values.slice(1, 2).flat()).containsExactly(6, 7, 8, 9, 10, 11);
  }
}
