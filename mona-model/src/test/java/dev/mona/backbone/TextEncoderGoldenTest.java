package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.TextBatch;
import dev.mona.tensor.Parameters;
import dev.mona.weights.EncoderCheckpoint;
import dev.mona.weights.TextEncoderConfig;
import dev.mona.weights.TextEncoderKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Small text encoders against Hugging Face's: embeddings, padding, positions, gradients. */
class TextEncoderGoldenTest {
  private static final int WIDTH = 24;

  private static TextEncoderConfig config(TextEncoderKind kind) {
    return switch (kind) {
      case BERT -> new TextEncoderConfig(kind, 50, WIDTH, 2, 3, 40, 20, 2, 1e-12, 0);
      case ROBERTA -> new TextEncoderConfig(kind, 50, WIDTH, 2, 3, 40, 20, 1, 1e-5, 2);
    };
  }

  @ParameterizedTest
  @EnumSource
  void outputAndGradientsAreHuggingFaces(TextEncoderKind kind) throws IOException {
    GoldenModel golden = GoldenModel.read(kind == TextEncoderKind.BERT ? "bert" : "roberta");
    PretrainedWeights weights =
        PretrainedWeights.of(
            EncoderCheckpoint.of(config(kind), golden.weights(), "golden " + kind),
            new TextEncoder(config(kind)));
    Backbone encoder = weights.backbone();
    Parameters theta = golden.parameters(encoder.layout());
    assertThat(theta.toFloats()).isEqualTo(weights.encoder());
    Parameters gradient = theta.zerosLike();
    int[] lengths = whole(golden.values("input.lengths"));
    TextBatch batch =
        new TextBatch(whole(golden.values("input.ids")), lengths[0], lengths, new int[2]);
    try (Tape tape = new Tape(DataType.FLOAT)) {
      Leaves leaves = Leaves.of(tape, theta);
      SourceEmbedder embedder = weights.sourceEmbedder();
      Tokens tokens = embedder.embed(tape, batch);
      Variable mask = embedder.mask(tape, batch);
      Variable output = encoder.encode(tape, leaves, tokens, mask).values();
      int both = lengths[0] + lengths[1]; // what follows is padding
      float[] expected = Arrays.copyOf(golden.values("output"), both * WIDTH);
      INDArray tokensSeen = output.value().get(NDArrayIndex.interval(0, both)).dup('c');
      GoldenModel.requireClose("output", tokensSeen, expected, 1e-5);
      Variable factors = tape.constant(golden.values("output.weights"), output.shape());
      Map<Variable, INDArray> wrt = new HashMap<>();
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
