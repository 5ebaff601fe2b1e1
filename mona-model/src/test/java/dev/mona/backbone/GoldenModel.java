package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
  Parameters parameters(ParameterLayout layout) {
    Parameters parameters = Parameters.zeros(layout, DataType.FLOAT);
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
    requireClose("gradient", gradient.vector(), flat(gradient.layout(), "gradient."), 1e-4);
    for (ParameterLayout.Entry entry : gradient.layout().entries()) {
      // a key's bias shifts all scores of a query alike: its gradient is rounding
      if (!entry.name().matches(".*\\.(key|k_lin)\\.bias")) {
        INDArray ours = gradient.view(entry.name()).dup('c');
        requireClose(entry.name(), ours, values("gradient." + entry.name()), 1e-4);
      }
    }
  }

  /** Norm of the difference over the norm of what is expected. */
  static void requireClose(String what, INDArray actual, float[] expected, double tolerance) {
    INDArray reference = Nd4j.createFromArray(expected).castTo(DataType.DOUBLE);
    INDArray difference = actual.castTo(DataType.DOUBLE).reshape(expected.length).sub(reference);
    double relative =
        difference.norm2Number().doubleValue() / reference.norm2Number().doubleValue();
    assertThat(relative).as(what).isLessThan(tolerance);
  }
}
