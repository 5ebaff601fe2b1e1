package dev.mona.doctor;

import dev.mona.MonaException;
import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Precision;
import dev.mona.compute.Target;
import dev.mona.device.DeviceRequest;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Compares products of matrices on a device with three loops in double, and times them, in every
 * precision of an engine. With {@code k} terms, sums in float move a sum by less than {@code k^2
 * 2^-24} for elements in {@code [-1, 1)}. Factors, and at worst the result, that are rounded to a
 * relative error {@code u} move it by less than {@code 3 u} times the sum of the absolute terms. A
 * wrong kernel is off by about 10.
 *
 * @param request the engine, and the precision that has to work
 */
record MatrixProduct(DeviceRequest request) {
  private static final String SECTION = "matrix product";
  private static final long SEED = 20240601;
  private static final int ROWS = 193;
  private static final int INNER = 227;
  private static final int COLUMNS = 161;
  private static final double SUMS = INNER * INNER * 0x1p-24;

  private static final int TIMED = 768;
  private static final int REPEATS = 5;

  /**
   * How far a product is from the one in double.
   *
   * @param error largest distance; NaN for a product that is not finite
   * @param allowed what rounding explains where it is largest
   * @param within whether rounding explains the distance of every element
   */
  record Distance(double error, double allowed, boolean within) {}

  void examine(Chart chart, List<Integer> devices) {
    for (int number : devices) {
      for (Precision precision : Precision.values()) {
        if (request.engine().computesIn(precision)) {
          examine(chart, number, precision);
        }
      }
    }
  }

  private void examine(Chart chart, int number, Precision precision) {
    String what = precision.id() + ", device " + number;
    try {
      Device device =
          Engines.named(request.engine().id())
              .open(new DeviceSpec(number, ElementType.FLOAT, precision));
      device.bind(0);
      Distance distance = distance(device);
      String error =
          String.format(
              Locale.ROOT, "off by %.1e, allowed %.1e", distance.error(), distance.allowed());
      chart.fact(
          SECTION, what, String.format(Locale.ROOT, "%s, %.0f GFLOP/s", error, gigaflops(device)));
      if (!distance.within()) {
        chart.problem(
            "a product of matrices ("
                + what
                + ") is "
                + error
                + ": the natives of the engine do not fit this machine, try another build");
      }
    } catch (MonaException e) {
      refused(chart, what, precision, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      chart.problem(
          "a product of matrices ("
              + what
              + ") fails ("
              + Natives.innermost(e)
              + "): the natives are broken");
    }
  }

  /** A precision that the run does not ask for may be missing. */
  private void refused(Chart chart, String what, Precision precision, String sentence) {
    chart.fact(SECTION, what, "refused: " + sentence);
    if (precision == request.precision()) {
      chart.problem(sentence);
    }
  }

  static Distance distance(Device device) {
    Random random = new Random(SEED);
    float[] a = uniform(random, ROWS * INNER);
    float[] b = uniform(random, INNER * COLUMNS);
    try (Arena arena = new Arena(device);
        Array x = device.of(a, ROWS, INNER);
        Array y = device.of(b, INNER, COLUMNS);
        Array z = device.allocate(ROWS, COLUMNS)) {
      arena.kernels().matmul(x, y, new Target(z, false), false, false);
      return distance(a, b, z.toFloats(), rounding(device.precision()));
    }
  }

  /** Largest relative error of a factor that is rounded. */
  static double rounding(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> 0;
      case TF32 -> 0x1p-11;
      case BF16 -> 0x1p-8;
    };
  }

  /** Distance of a product {@code [ROWS, COLUMNS]} to the one in double. */
  static Distance distance(float[] a, float[] b, float[] product, double rounding) {
    double largest = 0;
    double largestAllowed = SUMS;
    boolean within = true;
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        double sum = 0;
        double absolute = 0;
        for (int k = 0; k < INNER; k++) {
          double term = (double) a[i * INNER + k] * b[k * COLUMNS + j];
          sum += term;
          absolute += Math.abs(term);
        }
        double error = Math.abs(sum - product[i * COLUMNS + j]);
        double allowed = SUMS + 3 * rounding * absolute;
        within &= error <= allowed;
        if (!(error <= largest)) {
          largestAllowed = Double.isNaN(largest) ? largestAllowed : allowed;
          largest = Double.isNaN(largest) ? largest : error;
        }
      }
    }
    return new Distance(largest, largestAllowed, within);
  }

  private static double gigaflops(Device device) {
    try (Arena arena = new Arena(device);
        Array x = device.allocate(TIMED, TIMED);
        Array y = device.allocate(TIMED, TIMED);
        Array z = device.allocate(TIMED, TIMED)) {
      device.vectors().fill(x, 1);
      device.vectors().fill(y, 1);
      device.await();
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < REPEATS; i++) {
        long began = System.nanoTime();
        arena.kernels().matmul(x, y, new Target(z, false), false, false);
        device.await();
        best = Math.min(best, (System.nanoTime() - began) / 1e9);
      }
      return 2.0 * TIMED * TIMED * TIMED / best / 1e9;
    }
  }

  private static float[] uniform(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
