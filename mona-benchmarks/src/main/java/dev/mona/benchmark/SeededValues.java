package dev.mona.benchmark;

import dev.mona.tensor.ParameterLayout;
import java.util.Arrays;
import java.util.Random;

/**
 * Values of a tensor that depend on its name alone, so that peers in processes of their own compute
 * on the same weights and must arrive at the same gradient.
 */
final class SeededValues {
  /** Of the weights: gives the GELU inputs a deviation near 1, as in pretrained encoders. */
  private static final double DEVIATION = 0.05;

  private SeededValues() {}

  /** All weights of a layout, in its order. */
  static float[] weights(ParameterLayout layout) {
    float[] all = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      float[] values = weight(entry.name(), entry.shape());
      System.arraycopy(values, 0, all, Math.toIntExact(entry.offset()), values.length);
    }
    return all;
  }

  /** Norm gains 1, biases 0, the rest normal. */
  private static float[] weight(String name, long... shape) {
    if (name.endsWith(".bias")) {
      return filled(size(shape), 0);
    }
    return shape.length == 1 ? filled(size(shape), 1) : normal(name, DEVIATION, shape);
  }

  /** Standard normal values, seeded with the name. */
  static float[] normal(String name, long... shape) {
    return normal(name, 1, shape);
  }

  private static float[] normal(String name, double deviation, long... shape) {
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
