package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.encoder.DistilBert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.TextBatch;
import dev.mona.tensor.Parameters;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small text encoders against Hugging Face's: embeddings, padding, positions, gradients. */
class TextEncoderGoldenTest {
  private static final int WIDTH = 24;

  static Stream<Arguments> encoders() {
    TransformerShape shape = new TransformerShape(WIDTH, 2, 3, 40, 1e-12);
    TransformerShape roberta = new TransformerShape(WIDTH, 2, 3, 40, 1e-5);
    Map<String, Encoder> encoders =
        Map.of(
            "bert",
            new Bert(Bert.Variant.BERT, shape, new TextTables(50, 20, 2, 0)),
            "roberta",
            new Bert(Bert.Variant.ROBERTA, roberta, new TextTables(50, 20, 1, 2)),
            "distilbert",
            new DistilBert(shape, new TextTables(50, 20, 0, 0)));
    return encoders.entrySet().stream()
        .flatMap(
            e -> TestDevice.all().map(device -> Arguments.of(e.getKey(), e.getValue(), device)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encoders")
  void outputAndGradientsAreHuggingFaces(String name, Encoder shape, Device device)
      throws IOException {
    GoldenModel golden = GoldenModel.read(name);
    PretrainedWeights weights =
        PretrainedWeights.of(
            EncoderCheckpoint.of(shape, golden.weights(), "golden " + name), shape);
    Backbone encoder = weights.shape().backbone();
    Parameters theta = golden.parameters(encoder.layout(), device);
    assertThat(theta.toFloats()).isEqualTo(weights.encoder());
    Parameters gradient = theta.zerosLike();
    int[] lengths = whole(golden.values("input.lengths"));
    TextBatch batch =
        new TextBatch(whole(golden.values("input.ids")), lengths[0], lengths, new int[2]);
    try (Tape tape = new Tape(device)) {
      Leaves leaves = Leaves.of(tape, theta);
      SourceEmbedder embedder = weights.sourceEmbedder();
      Tokens tokens = embedder.embed(tape, batch);
      Variable mask = embedder.mask(tape, batch);
      Variable output = encoder.encode(tape, leaves, tokens, mask).values();
      int both = lengths[0] + lengths[1]; // what follows is padding
      float[] expected = Arrays.copyOf(golden.values("output"), both * WIDTH);
      GoldenModel.requireOutput("output", output.value().slice(0, both), expected);
      Variable factors = tape.constant(golden.values("output.weights"), output.shape());
      Map<Variable, Array> wrt = new HashMap<>();
      leaves.collect(gradient, wrt);
      tape.backward(output.multiply(factors).sum(), 1, wrt);
    }
    golden.requireGradient(gradient);
  }

  private static int[] whole(float[] values) {
    int[] whole = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      whole[i] = Math.round(values[i]);
    }
    return whole;
  }
}
