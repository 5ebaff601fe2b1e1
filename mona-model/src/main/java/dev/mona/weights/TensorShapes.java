package dev.mona.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of tensors in the order in which they are added. */
final class TensorShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  TensorShapes tensor(String name, long... shape) {
    shapes.put(name, shape);
    return this;
  }

  /** Weight {@code [out, in]} and bias. */
  TensorShapes linear(String name, long out, long in) {
    return tensor(name + ".weight", out, in).tensor(name + ".bias", out);
  }

  /** Weight {@code [out, in, side, side]} and bias. */
  TensorShapes convolution(String name, long out, long in, long side) {
    return tensor(name + ".weight", out, in, side, side).tensor(name + ".bias", out);
  }

  TensorShapes layerNorm(String name, long width) {
    return tensor(name + ".weight", width).tensor(name + ".bias", width);
  }

  Map<String, long[]> asMap() {
    return Collections.unmodifiableMap(shapes);
  }
}
