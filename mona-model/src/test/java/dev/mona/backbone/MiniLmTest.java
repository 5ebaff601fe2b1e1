package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.mona.GoldenFile;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.Device;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.MiniLm;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.tensor.Parameters;
import dev.mona.weights.Float16;
import dev.mona.weights.WeightTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real pretrained encoder against its ONNX file and against a golden file. */
class MiniLmTest {
  private static final int WIDTH = 384;

  private static PretrainedWeights weights(UnaryOperator<float[]> change) throws IOException {
    EncoderCheckpoint checkpoint = MiniLm.open();
    PretrainedWeights w = PretrainedWeights.of(checkpoint, MiniLm.ENCODER);
    SortedMap<String, WeightTensor> changed = new TreeMap<>();
    w.embeddings()
        .forEach(
            (name, t) ->
                changed.put(name, new WeightTensor(name, t.shape(), change.apply(t.values()))));
    return new PretrainedWeights(w.shape(), change.apply(w.encoder()), changed, null);
  }

  private static float[] toHalf(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Float16.toFloat(Float16.fromFloat(values[i]));
    }
    return rounded;
  }

  /** Hidden states of texts, padding included. */
  private static float[] hidden(Device device, PretrainedWeights w, TextBatch batch) {
    try (Tape tape = new Tape(device)) {
      SourceEmbedder embedder = w.sourceEmbedder();
      return encode(tape, w, embedder.embed(tape, batch), embedder.mask(tape, batch));
    }
  }

  private static float[] encode(
      Tape tape, PretrainedWeights w, Tokens tokens, @Nullable Variable mask) {
    Backbone encoder = w.shape().backbone();
    try (Parameters theta = Parameters.zeros(encoder.layout(), tape.device())) {
      theta.assign(w.encoder());
      return encoder.encode(tape, Leaves.of(tape, theta), tokens, mask).values().value().toFloats();
    }
  }

  /** Absolute, by type of the elements. The files and ONNX Runtime are in float themselves. */
  private static float tolerance(Device device, float ofFloats) {
    return switch (device.type()) {
      case FLOAT -> ofFloats;
      case DOUBLE -> 0.5f * ofFloats;
    };
  }

  private static float largest(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void matchesTheGoldenFile(Device device) throws IOException {
    GoldenFile golden = GoldenFile.require("weights/golden_minilm.npz");
    PretrainedWeights rounded = weights(MiniLmTest::toHalf);
    int[] tokens = Arrays.stream(golden.longs("ids")).mapToInt(Math::toIntExact).toArray();
    SourceTexts text = new SourceTexts(tokens, new int[] {0, 13}, new int[] {0}, List.of("text"));
    float[] states = hidden(device, rounded, TextBatch.of(text, new int[] {0}));
    float[] expected = golden.floats("out");
    assertThat(largest(Arrays.copyOf(states, 13 * WIDTH), expected))
        .isLessThan(tolerance(device, 1e-5f));

    float[] input = golden.floats("encoder_in");
    try (Tape tape = new Tape(device)) {
      float[] output =
          encode(tape, rounded, Tokens.series(tape.constant(input, 20, WIDTH), 1, 20), null);
      assertThat(largest(output, golden.floats("encoder_out")))
          .isLessThan(tolerance(device, 1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mona.compute.TestDevice#all")
  void agreesWithOnnxRuntimeOnPaddedTexts(Device device) throws Exception {
    int[] lengths = {1, 3, 7, 17, 24};
    Random random = new Random(5);
    int[] offsets = new int[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      offsets[i + 1] = offsets[i] + lengths[i];
    }
    int[] tokens = new int[offsets[lengths.length]];
    Arrays.setAll(tokens, i -> 1000 + random.nextInt(20000));
    SourceTexts texts = new SourceTexts(tokens, offsets, new int[lengths.length], List.of("text"));
    TextBatch batch = TextBatch.of(texts, new int[] {0, 1, 2, 3, 4});
    float[] ours = hidden(device, weights(w -> w), batch);
    float[] theirs = onnx(batch);
    for (int i = 0; i < batch.size(); i++) {
      int from = i * batch.length() * WIDTH;
      int to = from + lengths[i] * WIDTH;
      assertThat(largest(Arrays.copyOfRange(ours, from, to), Arrays.copyOfRange(theirs, from, to)))
          .as("text of " + lengths[i] + " tokens, seed 5")
          .isLessThan(tolerance(device, 2e-5f));
    }
  }

  private static float[] onnx(TextBatch batch) throws Exception {
    int n = batch.size();
    long[][] ids = new long[n][batch.length()];
    long[][] mask = new long[n][batch.length()];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < batch.length(); j++) {
        ids[i][j] = batch.tokens()[i * batch.length() + j];
        mask[i][j] = j < batch.lengths()[i] ? 1 : 0;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    byte[] model;
    try (InputStream in = MiniLm.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      model = in.readAllBytes();
    }
    try (OrtSession session = environment.createSession(model);
        OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, new long[n][batch.length()]);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      float[][][] states = (float[][][]) result.get(0).getValue();
      float[] flat = new float[n * batch.length() * WIDTH];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < batch.length(); j++) {
          System.arraycopy(states[i][j], 0, flat, (i * batch.length() + j) * WIDTH, WIDTH);
        }
      }
      return flat;
    }
  }
}
