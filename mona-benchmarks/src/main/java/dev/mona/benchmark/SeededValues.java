package dev.mona.benchmark;

import java.util.Arrays;
import java.util.Random;

/**
 * Values of a tensor that depend on its name alone, so that peers in processes of their own compute
 * on the same weights and must arrive at the same gradient. Uses nothing but the JDK: the libtorch
 * peer is compiled with it.
 */
public final class SeededValues {
  /** Of the weights: gives the GELU inputs a deviation near 1, as in pretrained encoders. */
  private static final double DEVIATION = 0.05;

  private SeededValues() {}

  /** Norm gains 1, biases 0, the rest normal. */
  public static float[] weight(String name, long... shape) {
    if (name.endsWith(".bias")) {
      return filled(size(shape), 0);
    }
    return shape.length == 1 ? filled(size(shape), 1) : normal(name, DEVIATION, shape);
  }

  /** Normal values of mean 0, seeded with the name. */
  public static float[] normal(String name, double deviation, long... shape) {
    Random random = new Random(name.hashCode());
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }

  private static int size(long... shape) {
    int size = 1;
    for (long side : shape) {
      size = Math.multiplyExact(size, Math.toIntExact(side));
    }
    return size;
  }
}
