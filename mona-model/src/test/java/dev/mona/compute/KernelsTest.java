package dev.mona.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every primitive on every device against plain loops in double. */
class KernelsTest {
  /** Elements before and after each array, which belong to others. */
  private static final int GUARDS = 3;

  private static final double GUARD = 7;

  static Stream<Arguments> cases() {
    List<KernelCases.Case> cases = KernelCases.all().toList();
    return TestDevice.all().flatMap(device -> cases.stream().map(c -> Arguments.of(c, device)));
  }

  /** An array within a larger one. */
  private record Part(Array all, Array array) implements AutoCloseable {
    static Part of(Device device, Values values) {
      int n = values.flat().length;
      Array all = device.allocate(n + 2 * GUARDS);
      return new Part(all, all.view(GUARDS, values.shape()));
    }

    void start(Values values) {
      all.device().vectors().fill(all, GUARD);
      values.into(array);
    }

    double[] guards() {
      return Stream.of(all.view(0, GUARDS), all.view(all.length() - GUARDS, GUARDS))
          .flatMapToDouble(guard -> Arrays.stream(Values.of(guard).flat()))
          .toArray();
    }

    @Override
    public void close() {
      all.close();
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("cases")
  void doesWhatTheLoopsDo(KernelCases.Case c, Device device) {
    List<Part> parts = c.arrays().stream().map(values -> Part.of(device, values)).toList();
    Array[] arrays = parts.stream().map(Part::array).toArray(Array[]::new);
    double[][] expected =
        c.arrays().stream().map(values -> values.flat().clone()).toArray(double[][]::new);
    c.loops().apply(expected);
    try (Arena arena = new Arena(device)) {
      start(parts, c);
      c.call().apply(arena.kernels(), arrays);
      double[][] actual = values(arrays);
      for (int i = 0; i < arrays.length; i++) {
        agrees(c + ", array " + i, device, actual[i], expected[i]);
        assertThat(parts.get(i).guards()).as("%s, around array %s", c, i).containsOnly(GUARD);
      }
      long allocated = arena.allocated();
      start(parts, c);
      c.call().apply(arena.kernels(), arrays);
      assertThat(arena.allocated()).as("%s allocates once", c).isEqualTo(allocated);
      assertThat(values(arrays)).as("%s, repeated", c).isDeepEqualTo(actual);
    } finally {
      parts.forEach(Part::close);
    }
  }

  private static void start(List<Part> parts, KernelCases.Case c) {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).start(c.arrays().get(i));
    }
  }

  private static double[][] values(Array... arrays) {
    return Arrays.stream(arrays).map(array -> Values.of(array).flat()).toArray(double[][]::new);
  }

  static void agrees(String what, Device device, double[] actual, double[] expected) {
    double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    double tolerance = scale * (device.type() == ElementType.FLOAT ? 2e-5 : 1e-12);
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      // not a number is no agreement
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
        assertThat(actual[i]).as("%s, element %s", what, i).isEqualTo(expected[i]);
      }
    }
  }
}
