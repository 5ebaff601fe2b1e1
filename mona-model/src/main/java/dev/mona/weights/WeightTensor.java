package dev.mona.weights;

/**
 * A tensor of a model file on the host, row-major. The arrays are shared, not copied: treat them as
 * read-only.
 *
 * @param name its name in the file
 * @param shape its shape; empty for a scalar
 * @param values its values, widened to float
 */
public record WeightTensor(String name, long[] shape, float[] values) {
  public WeightTensor {
    long n = 1;
    for (long size : shape) {
      n = Math.multiplyExact(n, size);
    }
    if (n != values.length) {
      throw new IllegalArgumentException(
          "tensor " + name + " has " + values.length + " values for a shape of " + n);
    }
  }
}
