package dev.mona.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float16Test {
  @Test
  void everyHalfHasItsClosedForm() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      int exponent = bits >> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      double sign = bits >> 15 == 0 ? 1 : -1;
      double expected =
          switch (exponent) {
            case 0 -> sign * fraction * Math.pow(2, -24);
            case 31 -> fraction == 0 ? sign / 0.0 : Double.NaN;
            default -> sign * (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
          };
      assertThat(Float16.toFloat((short) bits))
          .as("bits %x", bits)
          .isEqualTo(Float.valueOf((float) expected));
    }
  }

  @Test
  void everyHalfComesBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = Float16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(Float16.toFloat(Float16.fromFloat(value))).isNaN();
      } else {
        assertThat(Float16.fromFloat(value)).as("bits %x", bits).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "65519.99, 65504",
    "65520, Infinity",
    "-1e30, -Infinity",
    // Ties go to the even neighbour: 1 + 2^-11 lies between 1 and 1 + 2^-10.
    "1.00048828125, 1.0",
    "1.00146484375, 1.001953125",
    // Half and one and a half of the smallest subnormal, and just above the half.
    "2.9802322387695312e-8, 0",
    "2.9802326e-8, 5.9604644775390625e-8",
    "8.940696716308594e-8, 1.1920928955078125e-7",
    // The largest subnormal rounds up into the normal range.
    "6.10351e-5, 6.103515625e-5",
  })
  void roundsToNearestEven(float value, float expected) {
    assertThat(Float16.toFloat(Float16.fromFloat(value))).isEqualTo(expected);
    assertThat(Float16.toFloat(Float16.fromFloat(-value))).isEqualTo(-expected);
  }

  @Test
  void noHalfIsNearerThanTheOneChosen() {
    long seed = 11;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(38) - 24));
      short half = Float16.fromFloat(value);
      double distance = Math.abs(value - Float16.toFloat(half));
      for (int step : new int[] {-1, 1}) {
        float neighbour = Float16.toFloat((short) (half + step));
        if (Float.isFinite(neighbour) && Float.isFinite(Float16.toFloat(half))) {
          assertThat(distance)
              .as("seed %d value %s step %d", seed, value, step)
              .isLessThanOrEqualTo(Math.abs((double) value - neighbour));
        }
      }
    }
  }
}
