package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.KernelCases;
import dev.mona.compute.Precision;
import dev.mona.compute.Processor;
import dev.mona.compute.Target;
import dev.mona.compute.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products in bfloat16, where this processor has them. */
class RoundedProductsTest {
  /** Half of the last of 8 bits. */
  private static final double ROUNDING = 0x1p-8;

  private static Device device;

  @BeforeAll
  static void open() {
    assumeTrue(Processor.here().bfloat16(), "this processor has no instructions for bf16");
    device = Engines.named("torch").open(new DeviceSpec(0, ElementType.FLOAT, Precision.BF16));
    device.bind(2);
  }

  /** The nearest number of 8 bits. */
  private static double rounded(double x) {
    int bits = Float.floatToRawIntBits((float) x);
    int even = bits + 0x7fff + ((bits >>> 16) & 1);
    return Float.intBitsToFloat(even & 0xffff0000);
  }

  @Test
  void factorsAreRoundedAndSumsAreFloats() {
    Values a = Values.gaussian(new Random(3), 33, 70);
    Values b = Values.gaussian(new Random(4), 70, 41);
    Values product = product(a, b);
    for (int i = 0; i < 33; i++) {
      for (int j = 0; j < 41; j++) {
        double sum = 0;
        for (int k = 0; k < 70; k++) {
          sum += rounded((float) a.at(i, k)) * rounded((float) b.at(k, j));
        }
        // a sum of bfloat16 would be off by several per cent
        assertThat(product.at(i, j)).isCloseTo(sum, within(ROUNDING * Math.abs(sum) + 1e-4));
      }
    }
  }

  private static Values product(Values a, Values b) {
    try (Arena arena = new Arena(device);
        Array x = a.on(device);
        Array y = b.on(device);
        Array out = device.allocate(a.shape()[0], b.shape()[1])) {
      arena.kernels().matmul(x, y, new Target(out, false), false, false);
      return Values.of(out);
    }
  }

  @Test
  void aCopyFollowsWhatIsWritten() {
    try (Arena arena = new Arena(device);
        Array all = device.zeros(2, 3);
        Array two = device.of(new float[] {2}, 1, 1);
        Array out = device.allocate(3, 1)) {
      Target target = new Target(out, false);
      Array column = all.view(3, 3, 1);
      arena.kernels().matmul(column, two, target, false, false);
      assertThat(out.toFloats()).containsOnly(0);
      all.put(new float[] {1, 2, 3, 4, 5, 6}, 0);
      arena.kernels().matmul(column, two, target, false, false);
      assertThat(out.toFloats()).containsExactly(8, 10, 12);
      device.vectors().scale(all.slice(1, 2), 0.5, all.slice(1, 2));
      arena.kernels().matmul(column, two, new Target(out, true), false, false);
      assertThat(out.toFloats()).containsExactly(12, 15, 18);
    }
  }

  @Test
  void anUnchangedFactorIsRoundedOnce() {
    try (Arena arena = new Arena(device);
        Array x = device.zeros(40, 30);
        Array w = device.zeros(30, 20);
        Array out = device.allocate(40, 20)) {
      Target target = new Target(out, false);
      arena.kernels().matmul(x, w, target, false, false);
      long calls = device.calls();
      arena.kernels().matmul(x, w, target, false, false);
      assertThat(device.calls() - calls).as("the product and its copy").isEqualTo(2);
      device.vectors().fill(x, 1);
      calls = device.calls();
      arena.kernels().matmul(x, w, target, false, false);
      assertThat(device.calls() - calls).as("and one factor").isEqualTo(3);
    }
  }

  static Stream<KernelCases.Case> cases() {
    return KernelCases.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreesToTheBitsOfBfloat16(KernelCases.Case c) {
    List<Array> arrays = c.arrays().stream().map(values -> values.on(device)).toList();
    double[][] expected =
        c.arrays().stream().map(values -> values.flat().clone()).toArray(double[][]::new);
    c.loops().apply(expected);
    try (Arena arena = new Arena(device)) {
      c.call().apply(arena.kernels(), arrays.toArray(Array[]::new));
      for (int i = 0; i < expected.length; i++) {
        double[] actual = Values.of(arrays.get(i)).flat();
        double scale = Math.max(1, Arrays.stream(expected[i]).map(Math::abs).max().orElse(0));
        for (int j = 0; j < actual.length; j++) {
          assertThat(actual[j])
              .as("%s, array %s, element %s", c, i, j)
              .isCloseTo(expected[i][j], within(4 * ROUNDING * scale));
        }
      }
    } finally {
      arrays.forEach(Array::close);
    }
  }
}
