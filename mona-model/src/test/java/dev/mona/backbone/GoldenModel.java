package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.Values;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.weights.Safetensors;
import dev.mona.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A small seeded model with an input, its output and the gradients, as {@code tools/golden} wrote
 * them with PyTorch and Hugging Face's transformers.
 */
record GoldenModel(Map<String, WeightTensor> tensors) {
  static GoldenModel read(String name) throws IOException {
    String resource = "/golden/" + name + ".safetensors";
    try (InputStream in = GoldenModel.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return new GoldenModel(
          Safetensors.read(new ByteArrayInputStream(bytes), bytes.length, resource));
    }
  }

  WeightTensor tensor(String name) {
    return WeightTensor.named(name, tensors);
  }

  float[] values(String name) {
    return tensor(name).values();
  }

  /** The model alone. */
  Map<String, WeightTensor> weights() {
    Map<String, WeightTensor> weights = new LinkedHashMap<>(tensors);
    weights.keySet().removeIf(name -> name.matches("(input|output|gradient)\\b.*"));
    return weights;
  }

  /** The parameters of a layout in its order. */
  Parameters parameters(ParameterLayout layout, Device device) {
    Parameters parameters = Parameters.zeros(layout, device);
    parameters.assign(flat(layout, ""));
    return parameters;
  }

  private float[] flat(ParameterLayout layout, String prefix) {
    float[] flat = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      WeightTensor tensor = tensor(prefix + entry.name());
      assertThat(tensor.shape()).as(entry.name()).isEqualTo(entry.shape());
      System.arraycopy(tensor.values(), 0, flat, (int) entry.offset(), tensor.values().length);
    }
    return flat;
  }

  /** Holds the gradient of all parameters, and of each, against the golden one. */
  void requireGradient(Parameters gradient) {
    requireGradient("gradient", gradient.vector(), flat(gradient.layout(), "gradient."));
    for (ParameterLayout.Entry entry : gradient.layout().entries()) {
      // a key's bias shifts all scores of a query alike: its gradient is rounding
      if (!entry.name().matches(".*\\.(key|k_lin)\\.bias")) {
        Array ours = gradient.view(entry.name());
        requireGradient(entry.name(), ours, values("gradient." + entry.name()));
      }
    }
  }

  /** Holds what an encoder makes against the golden values. */
  static void requireOutput(String what, Array actual, float[] expected) {
    requireClose(what, actual, expected, Tolerance.of(actual.device().type()).output());
  }

  /** Holds a gradient against the golden one. */
  static void requireGradient(String what, Array actual, float[] expected) {
    requireClose(what, actual, expected, Tolerance.of(actual.device().type()).gradient());
  }

  /** Norm of the difference over the norm of what is expected. */
  private static void requireClose(String what, Array actual, float[] expected, double tolerance) {
    Values reference = Values.of(expected, expected.length);
    assertThat(Values.of(actual).distance(reference) / reference.norm())
        .as(what + " on " + actual.device().describe())
        .isLessThan(tolerance);
  }

  /**
   * Relative errors by type of the elements: its rounding, or that of the file, whose numbers
   * PyTorch computed in double and wrote as floats.
   */
  private record Tolerance(double output, double gradient) {
    static Tolerance of(ElementType type) {
      return switch (type) {
        case FLOAT -> new Tolerance(1e-5, 1e-4);
        case DOUBLE -> new Tolerance(1e-6, 1e-6);
      };
    }
  }
}
