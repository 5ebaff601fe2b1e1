package dev.mona.weights;

import java.io.Serializable;
import java.util.Map;

/**
 * A tensor of a model file on the host, row-major. The arrays are shared, not copied: treat them as
 * read-only.
 *
 * @param name its name in the file
 * @param shape its shape; empty for a scalar
 * @param values its values, widened to float
 */
public record WeightTensor(String name, long[] shape, float[] values) implements Serializable {
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

  /**
   * The tensor of a name that must be there.
   *
   * @throws IllegalArgumentException when it is not
   */
  public static WeightTensor named(String name, Map<String, WeightTensor> tensors) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named " + name + " in " + tensors.keySet());
    }
    return tensor;
  }
}
