package dev.mona.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.mona.GoldenFile;
import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.EncoderCheckpoint;
import dev.mona.encoder.MiniLm;
import dev.mona.network.PretrainedWeights;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.tensor.Parameters;
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
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

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
    return Nd4j.createFromArray(values)
        .castTo(DataType.FLOAT16)
        .castTo(DataType.FLOAT)
        .data()
        .asFloat();
  }

  /** Hidden states of texts, padding included. */
  private static float[] hidden(PretrainedWeights w, TextBatch batch) {
    try (Tape tape = new Tape(DataType.FLOAT)) {
      SourceEmbedder embedder = w.sourceEmbedder();
      return encode(tape, w, embedder.embed(tape, batch), embedder.mask(tape, batch));
    }
  }

  private static float[] encode(
      Tape tape, PretrainedWeights w, Tokens tokens, @Nullable Variable mask) {
    Parameters theta = Parameters.zeros(w.shape().backbone().layout(), DataType.FLOAT);
    theta.assign(w.encoder());
    return w.shape()
        .backbone()
        .encode(tape, Leaves.of(tape, theta), tokens, mask)
        .values()
        .value()
        .dup('c')
        .data()
        .asFloat();
  }

  private static float largest(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }

  @Test
  void matchesTheGoldenFile() throws IOException {
    GoldenFile golden = GoldenFile.require("weights/golden_minilm.npz");
    PretrainedWeights rounded = weights(MiniLmTest::toHalf);
    int[] tokens = Arrays.stream(golden.longs("ids")).mapToInt(Math::toIntExact).toArray();
    SourceTexts text = new SourceTexts(tokens, new int[] {0, 13}, new int[] {0}, List.of("text"));
    float[] states = hidden(rounded, TextBatch.of(text, new int[] {0}));
    float[] expected = golden.floats("out");
    assertThat(largest(Arrays.copyOf(states, 13 * WIDTH), expected)).isLessThan(1e-5f);

    float[] input = golden.floats("encoder_in");
    try (Tape tape = new Tape(DataType.FLOAT)) {
      float[] output =
          encode(tape, rounded, Tokens.series(tape.constant(input, 20, WIDTH), 1, 20), null);
      assertThat(largest(output, golden.floats("encoder_out"))).isLessThan(1e-5f);
    }
  }

  @Test
  void agreesWithOnnxRuntimeOnPaddedTexts() throws Exception {
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
    float[] ours = hidden(weights(w -> w), batch);
    float[] theirs = onnx(batch);
    for (int i = 0; i < batch.size(); i++) {
      int from = i * batch.length() * WIDTH;
      int to = from + lengths[i] * WIDTH;
      assertThat(largest(Arrays.copyOfRange(ours, from, to), Arrays.copyOfRange(theirs, from, to)))
          .as("text of " + lengths[i] + " tokens, seed 5")
          .isLessThan(2e-5f);
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
