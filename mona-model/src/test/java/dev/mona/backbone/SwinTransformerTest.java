package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.Leaves;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import dev.mona.weights.Safetensors;
import dev.mona.weights.SwinConfig;
import dev.mona.weights.WeightTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A small Swin against Hugging Face's, written by {@code tools/golden/swin.py}. */
class SwinTransformerTest {
  private static final SwinConfig CONFIG = new SwinConfig(8, List.of(2, 2), List.of(2, 4), 4, 1e-5);
  private static final SwinTransformer SWIN = new SwinTransformer(CONFIG);

  private static Map<String, WeightTensor> golden() throws IOException {
    String name = "/golden/swin.safetensors";
    try (InputStream in = SwinTransformerTest.class.getResourceAsStream(name)) {
      byte[] bytes = Objects.requireNonNull(in).readAllBytes();
      return Safetensors.read(new ByteArrayInputStream(bytes), bytes.length, name);
    }
  }

  private static WeightTensor tensor(Map<String, WeightTensor> golden, String name) {
    return Objects.requireNonNull(golden.get(name), name);
  }

  private static float[] flat(Map<String, WeightTensor> golden, String prefix) {
    ParameterLayout layout = SWIN.layout();
    float[] flat = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      WeightTensor tensor = tensor(golden, prefix + entry.name());
      assertThat(tensor.shape()).as(entry.name()).isEqualTo(entry.shape());
      System.arraycopy(tensor.values(), 0, flat, (int) entry.offset(), tensor.values().length);
    }
    return flat;
  }

  /** Norm of the difference over the norm of what is expected. */
  private static double relative(INDArray actual, float[] expected) {
    INDArray reference = Nd4j.createFromArray(expected).castTo(DataType.DOUBLE);
    INDArray difference = actual.castTo(DataType.DOUBLE).reshape(expected.length).sub(reference);
    return difference.norm2Number().doubleValue() / reference.norm2Number().doubleValue();
  }

  @Test
  void outputAndGradientsAreHuggingFaces() throws IOException {
    Map<String, WeightTensor> golden = golden();
    Parameters theta = Parameters.zeros(SWIN.layout(), DataType.FLOAT);
    theta.assign(flat(golden, ""));
    Parameters gradient = theta.zerosLike();
    try (Tape tape = new Tape(DataType.FLOAT)) {
      Leaves leaves = Leaves.of(tape, theta);
      Variable tokens = tape.constant(tensor(golden, "input.tokens").values(), 2 * 11 * 13, 8);
      Variable output = SWIN.encode(tape, leaves, tokens, 2, 11, 13);
      assertThat(output.shape()).isEqualTo(tensor(golden, "output").shape());
      assertThat(relative(output.value(), tensor(golden, "output").values())).isLessThan(1e-5);

      Variable weights = tape.constant(tensor(golden, "output.weights").values(), output.shape());
      INDArray ofTokens = Nd4j.zeros(DataType.FLOAT, tokens.shape());
      Map<Variable, INDArray> wrt = new HashMap<>(Map.of(tokens, ofTokens));
      leaves.collect(gradient, wrt);
      tape.backward(output.multiply(weights).sum(), 1, wrt);
      assertThat(relative(ofTokens, tensor(golden, "gradient.input.tokens").values()))
          .isLessThan(1e-4);
    }
    float[] expected = flat(golden, "gradient.");
    assertThat(relative(gradient.vector(), expected)).isLessThan(1e-4);
    for (ParameterLayout.Entry entry : SWIN.layout().entries()) {
      // the bias of the keys shifts all scores of a query alike: its gradient is rounding
      if (!entry.name().endsWith(".key.bias")) {
        assertThat(
                relative(
                    gradient.view(entry.name()).dup('c'),
                    tensor(golden, "gradient." + entry.name()).values()))
            .as(entry.name())
            .isLessThan(1e-4);
      }
    }
  }

  @Test
  void theLayoutHoldsEveryTensorOfTheEncoder() throws IOException {
    long encoder =
        golden().keySet().stream()
            .filter(name -> name.startsWith("encoder.") || name.startsWith("layernorm."))
            .count();
    assertThat(SWIN.layout().entries()).hasSize((int) encoder);
  }

  @Test
  void refusesAMapSmallerThanAWindow() {
    try (Tape tape = new Tape(DataType.FLOAT)) {
      Leaves leaves = Leaves.of(tape, Parameters.zeros(SWIN.layout(), DataType.FLOAT));
      Variable tokens = tape.constant(new float[6 * 12 * 8], 6 * 12, 8);
      assertThatThrownBy(() -> SWIN.encode(tape, leaves, tokens, 1, 6, 12))
          .hasMessage("the map of stage 2 is 3 x 6 tokens, smaller than the window of 4");
    }
  }
}
