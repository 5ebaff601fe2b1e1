package dev.mona.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mona.MonaException;
import dev.mona.SmallModel;
import dev.mona.autodiff.Tape;
import dev.mona.backbone.SwinTransformer;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.EmbedderOptions.Init;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.encoder.Bert;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.Swin;
import dev.mona.encoder.TextEncoder;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.head.DenseGridHead;
import dev.mona.nn.LeafSet;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.source.SourceBatch;
import dev.mona.source.SourceTexts;
import dev.mona.source.TextBatch;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleBlock;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterSet;
import dev.mona.tensor.Parameters;
import dev.mona.weights.WeightTensor;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final long SEED = 19;
  private final PretrainedWeights weights = SmallModel.weights(Bert.Variant.ROBERTA, SEED);
  private final Network network =
      Network.of(SmallModel.task(TaskKind.MULTI_LABEL), SmallModel.EMBEDDER, weights.shape());

  /** Logits are the affine image of the mean of the normalised, encoded tokens. */
  @Test
  void logitsAreTheHeadOfTheEncoderOfTheEmbedder() {
    ParameterSet parameters = network.zeros(TestDevice.doubles());
    Random random = new Random(SEED);
    for (ParameterGroup group : ParameterGroup.values()) {
      Parameters part = parameters.get(group);
      Values.gaussian(random, part.length()).times(0.5).into(part.vector());
    }
    SampleBlock samples = SmallModel.samples(network.task(), 3, SEED);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      LeafSet leaves = LeafSet.of(tape, parameters);
      Values logits = Values.of(network.predict(tape, leaves, samples.features()).value());
      assertThat(logits.shape()).containsExactly(3, 3);
      Tokens tokens = network.embedder().embed(tape, leaves.embedder(), samples.features());
      Values encoded =
          Values.of(
              network.backbone().encode(tape, leaves.encoder(), tokens, null).values().value());
      double[] gain = Values.of(parameters.head().view("LayerNorm.weight")).flat();
      double[] bias = Values.of(parameters.head().view("LayerNorm.bias")).flat();
      Values weight = Values.of(parameters.head().view("classifier.weight"));
      Values shift = Values.of(parameters.head().view("classifier.bias"));
      for (int b = 0; b < 3; b++) {
        double[] pooled = new double[SmallModel.WIDTH];
        for (int t = 0; t < 4; t++) {
          double[] normed = normalized(encoded.row(4L * b + t));
          for (int w = 0; w < pooled.length; w++) {
            pooled[w] += (normed[w] * gain[w] + bias[w]) / 4;
          }
        }
        for (int k = 0; k < 3; k++) {
          double logit = shift.at(k);
          for (int w = 0; w < pooled.length; w++) {
            logit += pooled[w] * weight.at(k, w);
          }
          assertThat(logits.at(b, k)).isCloseTo(logit, within(1e-6));
        }
      }
    }
  }

  /** An image on a text encoder: its rows are series of their own, here with a scale. */
  @Test
  void fieldsAreTheScaledHeadOfTheEncoderOfTheEmbedder() {
    TaskSpec task =
        new TaskSpec(
            "field",
            new SampleShape(1, 2, 12),
            new Prediction(
                TaskKind.DENSE, 1, List.of(), new TargetScale(List.of(5.0), List.of(2.0))),
            LossOptions.of(TaskKind.DENSE));
    Network dense = Network.of(task, SmallModel.EMBEDDER, weights.shape());
    ParameterSet parameters = dense.zeros(TestDevice.doubles());
    Random random = new Random(SEED);
    for (ParameterGroup group : ParameterGroup.values()) {
      Parameters part = parameters.get(group);
      Values.gaussian(random, part.length()).times(0.5).into(part.vector());
    }
    SampleBlock samples = SmallModel.samples(task, 3, SEED);
    try (Tape tape = new Tape(TestDevice.doubles())) {
      LeafSet leaves = LeafSet.of(tape, parameters);
      Values fields = Values.of(dense.predict(tape, leaves, samples.features()).value());
      assertThat(fields.shape()).containsExactly(3, task.predictionLength());
      Tokens tokens = dense.embedder().embed(tape, leaves.embedder(), samples.features());
      Values encoded =
          Values.of(dense.backbone().encode(tape, leaves.encoder(), tokens, null).values().value());
      Values gain = Values.of(parameters.head().view("affine.weight"));
      Values bias = Values.of(parameters.head().view("affine.bias"));
      for (int i = 0; i < 24 * 3; i++) {
        int row = i / 12 % 2;
        int point = i % 12;
        // a token of width 24 stands for 3 points of 2 rows: 4 values each
        int token = i / 24 * 4 + point / 3;
        double mean = 0;
        for (int w = 4 * (3 * row + point % 3); w < 4 * (3 * row + point % 3) + 4; w++) {
          mean += (gain.at(w) * encoded.at(token, w) + bias.at(w)) / 4;
        }
        assertThat(fields.at(i / 24, i % 24)).isCloseTo(5 + 2 * mean, within(1e-6));
      }
    }
  }

  @Test
  void aVisionEncoderPredictsTheGridOfTheSample() {
    Encoder swin =
        new Swin(
            new SwinTransformer(8, List.of(1, 1), List.of(2, 2), 4, 1e-5),
            new ImageShape(32, 4, 3));
    requireGrid(swin, 16);
  }

  /** Its class token is at no point of a field. */
  @Test
  void aVisionTransformerPredictsTheGridOfTheSample() {
    requireGrid(
        new Vit(
            Vit.Variant.DEIT, new TransformerShape(8, 1, 2, 12, 1e-5), new ImageShape(12, 4, 3)),
        8);
  }

  private static void requireGrid(Encoder encoder, int width) {
    for (SampleShape shape : List.of(new SampleShape(2, 9, 11), SampleShape.series(3, 20))) {
      TaskSpec task = TaskSpec.of("field", TaskKind.DENSE, shape, 2);
      Network dense = Network.of(task, SmallModel.EMBEDDER, encoder);
      assertThat(dense.head())
          .isEqualTo(new DenseGridHead(width, 2, shape.height(), shape.width(), 1e-5));
      SampleBlock samples = SmallModel.samples(task, 2, SEED);
      try (Tape tape = new Tape(TestDevice.floats())) {
        LeafSet leaves = LeafSet.of(tape, dense.zeros(TestDevice.floats()));
        assertThat(dense.predict(tape, leaves, samples.features()).shape())
            .containsExactly(2, 2L * shape.points());
      }
    }
  }

  private double[] normalized(double[] x) {
    double mean = 0;
    double squares = 0;
    for (double value : x) {
      mean += value / x.length;
      squares += value * value / x.length;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double variance = squares - mean * mean;
      y[i] = (x[i] - mean) / Math.sqrt(variance + SmallModel.config(weights).layerNormEpsilon());
    }
    return y;
  }

  /** Padding must not reach the representation: a text alone has the one it has among others. */
  @Test
  void aTextIsRepresentedAloneAsAmongLongerOnes() {
    SourceEmbedder source = weights.sourceEmbedder();
    SourceTexts texts =
        new SourceTexts(
            new Random(SEED).ints(22, 0, SmallModel.VOCABULARY).toArray(),
            new int[] {0, 3, 5, 22},
            new int[3],
            List.of("a"));
    Parameters encoder =
        Parameters.zeros(network.layout(ParameterGroup.ENCODER), TestDevice.doubles());
    encoder.assign(weights.encoder());
    try (Tape tape = new Tape(TestDevice.doubles())) {
      Leaves leaves = Leaves.of(tape, encoder);
      int[] all = {0, 1, 2};
      Values together = represent(tape, leaves, source, TextBatch.of(texts, all));
      assertThat(together.shape()).containsExactly(3, SmallModel.WIDTH);
      for (int i : all) {
        TextBatch one = TextBatch.of(texts, new int[] {i});
        assertThat(represent(tape, leaves, source, one).row(0))
            .as("text " + i)
            .containsExactly(together.row(i), within(1e-9));
      }
    }
  }

  private Values represent(Tape tape, Leaves leaves, SourceEmbedder source, SourceBatch batch) {
    return Values.of(network.represent(tape, leaves, source, batch).value());
  }

  @Test
  void refusesAKernelThatDoesNotDivideTheLength() {
    EmbedderOptions five = new EmbedderOptions(5, 64, Init.RANDOM);
    assertThatThrownBy(() -> Network.of(network.task(), five, weights.shape()))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("the kernel 5 does not divide the input length 12");
  }

  @Test
  void refusesMoreTokensThanTheEncoderTakes() {
    EmbedderOptions one = new EmbedderOptions(1, 64, Init.RANDOM);
    assertThat(Network.of(network.task(), one, weights.shape()).embedder().tokens()).isEqualTo(12);
    TaskSpec task = TaskSpec.of("long", TaskKind.CLASSIFICATION, SampleShape.series(1, 21), 2);
    assertThatThrownBy(() -> Network.of(task, one, weights.shape()))
        .isInstanceOf(MonaException.class)
        .hasMessageContaining("becomes 21 tokens, the encoder takes 20");
  }

  @Test
  void refusesTablesThatDoNotFitTheConfiguration() {
    SortedMap<String, WeightTensor> tensors = new TreeMap<>(weights.embeddings());
    String words = TextEncoder.WORDS;
    tensors.put(words, new WeightTensor(words, new long[] {7}, new float[7]));
    assertThatThrownBy(
            () -> new PretrainedWeights(weights.shape(), weights.encoder(), tensors, null))
        .hasMessage(words + " holds 7 values, its shape has 960");
  }
}
