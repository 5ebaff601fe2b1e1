package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.PatchConvolution;
import dev.mona.embedder.PatchEmbedding;
import dev.mona.embedder.PatchGrid;
import dev.mona.encoder.Swin;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.ImageBatch;
import dev.mona.task.SampleShape;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Parameters;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A small Swin against Hugging Face's, written by {@code tools/golden/swin.py}. */
class SwinTransformerTest {
  private static final SwinTransformer SWIN =
      new SwinTransformer(8, List.of(2, 2), List.of(2, 4), 4, 1e-5);

  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void outputAndGradientsAreHuggingFaces(Device device) throws IOException {
    GoldenModel golden = GoldenModel.read("swin");
    Parameters theta = golden.parameters(SWIN.layout(), device);
    Parameters gradient = theta.zerosLike();
    try (Tape tape = new Tape(device)) {
      Leaves leaves = Leaves.of(tape, theta);
      Variable tokens = tape.constant(golden.values("input.tokens"), 2 * 11 * 13, 8);
      Variable output = SWIN.encode(tape, leaves, new Tokens(tokens, 2, 11, 13), null).values();
      assertThat(output.shape()).isEqualTo(golden.tensor("output").shape());
      GoldenModel.requireOutput("output", output.value(), golden.values("output"));

      Variable weights = tape.constant(golden.values("output.weights"), output.shape());
      Array ofTokens = device.zeros(tokens.shape());
      Map<Variable, Array> wrt = new HashMap<>(Map.of(tokens, ofTokens));
      leaves.collect(gradient, wrt);
      tape.backward(output.multiply(weights).sum(), 1, wrt);
      GoldenModel.requireGradient(
          "gradient of the tokens", ofTokens, golden.values("gradient.input.tokens"));
    }
    golden.requireGradient(gradient);
  }

  /** Images whose sides are no multiple of the patch. */
  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void embeddedImagesAreHuggingFaces(Device device) throws IOException {
    GoldenModel golden = GoldenModel.read("swin");
    PatchEmbedding embedding =
        new PatchEmbedding(
            new ImageEmbedder(
                new SampleShape(3, 43, 50),
                new PatchGrid(43, 50, PatchConvolution.sideBySide(4)),
                8,
                new ImageEmbedder.Normed(1e-5)),
            new Swin(SWIN).patches(golden.weights()));
    try (Tape tape = new Tape(device)) {
      ImageBatch images = new ImageBatch(golden.values("input.images"), 43, 50, new int[2]);
      Variable tokens = embedding.embed(tape, images).values();
      assertThat(tokens.shape()).isEqualTo(golden.tensor("input.tokens").shape());
      GoldenModel.requireOutput("tokens", tokens.value(), golden.values("input.tokens"));
    }
  }

  @Test
  void theLayoutHoldsEveryTensorOfTheEncoder() throws IOException {
    assertThat(SWIN.layout().entries())
        .extracting(ParameterLayout.Entry::name)
        .containsExactlyInAnyOrderElementsOf(
            GoldenModel.read("swin").weights().keySet().stream()
                .filter(name -> !name.startsWith("embeddings."))
                .toList());
  }

  @Test
  void refusesAMapSmallerThanAWindow() {
    try (Tape tape = new Tape(TestDevice.floats())) {
      Leaves leaves = Leaves.of(tape, Parameters.zeros(SWIN.layout(), TestDevice.floats()));
      Variable values = tape.constant(new float[6 * 12 * 8], 6 * 12, 8);
      Tokens tokens = new Tokens(values, 1, 6, 12);
      assertThatThrownBy(() -> SWIN.encode(tape, leaves, tokens, null))
          .hasMessage(
              "the map of stage 2 is 3 x 6 tokens, smaller than the window of 4: take larger images");
    }
  }
}
