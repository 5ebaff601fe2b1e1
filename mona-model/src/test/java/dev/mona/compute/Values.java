package dev.mona.compute;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Numbers of the host in double with a shape, row-major: what tests start from and what they
 * compare with. To a device and back they keep the precision of its type: a double is a sum of
 * three floats, which are what arrays take and give.
 *
 * @param flat row-major
 * @param shape sizes of the axes
 */
public record Values(double[] flat, long... shape) {
  private static final int FLOATS = 3;

  /** Independent numbers of mean 0 and deviation 1. */
  public static Values gaussian(Random random, long... shape) {
    double[] flat = new double[length(shape)];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = random.nextGaussian();
    }
    return new Values(flat, shape);
  }

  /** The same number everywhere. */
  public static Values all(double value, long... shape) {
    double[] flat = new double[length(shape)];
    Arrays.fill(flat, value);
    return new Values(flat, shape);
  }

  /** Floats as they are. */
  public static Values of(float[] values, long... shape) {
    double[] flat = new double[values.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values[i];
    }
    return new Values(flat, shape);
  }

  /** A matrix. */
  public static Values of(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return new Values(flat, rows.length, rows[0].length);
  }

  /** What an array holds. Waits for its device. */
  public static Values of(Array array) {
    Device device = array.device();
    if (device.type() == ElementType.FLOAT) {
      return of(array.toFloats(), array.shape());
    }
    double[] flat = new double[Math.toIntExact(array.length())];
    try (Array rest = device.allocate(array.shape());
        Array part = device.allocate(array.shape())) {
      device.vectors().copy(array, rest);
      for (int i = 0; i < FLOATS; i++) {
        float[] floats = rest.toFloats();
        for (int k = 0; k < flat.length; k++) {
          flat[k] += Double.isInfinite(flat[k]) ? 0 : floats[k];
        }
        part.put(floats, 0);
        device.vectors().subtract(rest, part, rest);
      }
    }
    return new Values(flat, array.shape());
  }

  private static int length(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  /** The number at a place, one index for each axis. */
  public double at(long... index) {
    long place = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      place = place * shape[axis] + index[axis];
    }
    return flat[Math.toIntExact(place)];
  }

  /** Numbers along the last axis, the axes before it counted as one. */
  public double[] row(long row) {
    int width = Math.toIntExact(shape[shape.length - 1]);
    int from = Math.toIntExact(row * width);
    return Arrays.copyOfRange(flat, from, from + width);
  }

  /** Entries {@code from .. to - 1} of the first axis. */
  public Values slice(int from, int to) {
    int each = flat.length / Math.toIntExact(shape[0]);
    long[] part = shape.clone();
    part[0] = (long) to - from;
    return new Values(Arrays.copyOfRange(flat, from * each, to * each), part);
  }

  /** A function of each number. */
  public Values map(DoubleUnaryOperator function) {
    return new Values(Arrays.stream(flat).map(function).toArray(), shape);
  }

  /** All numbers times a factor. */
  public Values times(double factor) {
    return map(x -> factor * x);
  }

  /** {@code this + factor other}. */
  public Values plus(double factor, Values other) {
    double[] sum = flat.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * other.flat[i];
    }
    return new Values(sum, shape);
  }

  /** The same with one number more by a step. */
  public Values bumped(int place, double step) {
    double[] bumped = flat.clone();
    bumped[place] += step;
    return new Values(bumped, shape);
  }

  /** Root of the sum of the squares. */
  public double norm() {
    return Math.sqrt(Arrays.stream(flat).map(x -> x * x).sum());
  }

  /** Norm of the difference. */
  public double distance(Values other) {
    return plus(-1, other).norm();
  }

  /** An array of them that stays until it is closed. */
  public Array on(Device device) {
    Array array = device.allocate(shape);
    into(array);
    return array;
  }

  /** Writes them into an array of as many elements. */
  public void into(Array array) {
    float[][] parts = new float[FLOATS][flat.length];
    for (int k = 0; k < flat.length; k++) {
      double rest = flat[k];
      for (int i = 0; i < FLOATS; i++) {
        parts[i][k] = (float) rest;
        rest = Float.isFinite(parts[i][k]) ? rest - parts[i][k] : 0;
      }
    }
    array.put(parts[0], 0);
    Device device = array.device();
    if (device.type() == ElementType.DOUBLE) {
      try (Array rest = device.allocate(array.shape());
          Array part = device.allocate(array.shape())) {
        rest.put(parts[1], 0);
        part.put(parts[2], 0);
        device.vectors().add(rest, part, rest);
        device.vectors().add(array, rest, array);
      }
    }
  }
}
