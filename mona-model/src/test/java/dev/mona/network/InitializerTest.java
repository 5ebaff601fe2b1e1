package dev.mona.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.SmallModel;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.EmbedderOptions.Init;
import dev.mona.encoder.Bert;
import dev.mona.encoder.ImageShape;
import dev.mona.encoder.TextEncoder;
import dev.mona.encoder.TransformerShape;
import dev.mona.encoder.Vit;
import dev.mona.head.DenseGridHead;
import dev.mona.task.TaskKind;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {
  private static final long SEED = 13;
  private static final int WIDTH = SmallModel.WIDTH;

  private static EmbedderOptions options(Init init) {
    return new EmbedderOptions(3, 64, init);
  }

  private static Network network(PretrainedWeights weights, Init init) {
    return Network.of(SmallModel.task(TaskKind.CLASSIFICATION), options(init), weights.shape());
  }

  private static Map<ParameterGroup, float[]> initial(
      PretrainedWeights weights, Init init, long seed) {
    return Initializer.initial(network(weights, init), options(init), weights, seed);
  }

  private static float[] part(
      PretrainedWeights weights, Init init, ParameterGroup group, String name) {
    ParameterLayout.Entry entry = network(weights, init).layout(group).entry(name);
    int from = (int) entry.offset();
    return Arrays.copyOfRange(
        initial(weights, init, SEED).get(group), from, from + (int) entry.length());
  }

  @ParameterizedTest
  @EnumSource(Bert.Variant.class)
  void pretrainedCopiesNormAndPositionsOfTheCheckpoint(Bert.Variant kind) {
    PretrainedWeights weights = SmallModel.weights(kind, SEED);
    ParameterGroup phi = ParameterGroup.EMBEDDER;
    assertThat(part(weights, Init.PRETRAINED, phi, "LayerNorm.weight"))
        .containsExactly(SmallModel.embedding(weights, TextEncoder.GAIN).values());
    assertThat(part(weights, Init.PRETRAINED, phi, "LayerNorm.bias"))
        .containsExactly(SmallModel.embedding(weights, TextEncoder.BIAS).values());
    // RoBERTa's positions start at row 2
    int first = kind == Bert.Variant.ROBERTA ? 2 : 0;
    assertThat(part(weights, Init.PRETRAINED, phi, "position_embeddings.weight"))
        .containsExactly(
            Arrays.copyOfRange(
                SmallModel.embedding(weights, TextEncoder.POSITIONS).values(),
                first * WIDTH,
                (first + 4) * WIDTH));
    assertThat(initial(weights, Init.PRETRAINED, SEED).get(ParameterGroup.ENCODER))
        .containsExactly(weights.encoder());
  }

  @Test
  void randomTakesNothingFromTheCheckpoint() {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    ParameterGroup phi = ParameterGroup.EMBEDDER;
    assertThat(part(weights, Init.RANDOM, phi, "LayerNorm.weight")).containsOnly(1);
    assertThat(part(weights, Init.RANDOM, phi, "LayerNorm.bias")).containsOnly(0);
    assertThat(deviation(part(weights, Init.RANDOM, phi, "position_embeddings.weight")))
        .isCloseTo(0.02, within(0.005));
  }

  @ParameterizedTest
  @EnumSource(Bert.Variant.class)
  void fromScratchTheEncoderTakesNothingFromTheCheckpointEither(Bert.Variant kind) {
    PretrainedWeights weights = SmallModel.weights(kind, SEED);
    Network network = network(weights, Init.PRETRAINED);
    Map<ParameterGroup, float[]> values =
        Initializer.scratch(network, options(Init.PRETRAINED), weights, SEED);
    // embedder and head as with init random
    Map<ParameterGroup, float[]> random = initial(weights, Init.RANDOM, SEED);
    assertThat(values.get(ParameterGroup.EMBEDDER))
        .containsExactly(random.get(ParameterGroup.EMBEDDER));
    assertThat(values.get(ParameterGroup.HEAD)).containsExactly(random.get(ParameterGroup.HEAD));
    float[] encoder = values.get(ParameterGroup.ENCODER);
    for (ParameterLayout.Entry entry : network.layout(ParameterGroup.ENCODER).entries()) {
      int from = (int) entry.offset();
      float[] part = Arrays.copyOfRange(encoder, from, from + (int) entry.length());
      if (entry.name().endsWith(".bias")) {
        assertThat(part).as(entry.name()).containsOnly(0);
      } else if (entry.name().endsWith("LayerNorm.weight")) {
        assertThat(part).as(entry.name()).containsOnly(1);
      } else {
        // 576 values at least
        assertThat(deviation(part)).as(entry.name()).isCloseTo(0.02, within(0.003));
      }
    }
    assertThat(
            Initializer.scratch(network, options(Init.PRETRAINED), weights, SEED)
                .get(ParameterGroup.ENCODER))
        .containsExactly(encoder);
    assertThat(
            Initializer.scratch(network, options(Init.PRETRAINED), weights, SEED + 1)
                .get(ParameterGroup.ENCODER))
        .isNotEqualTo(encoder);
  }

  /** A scale of 0 would cut a layer off; DINOv2's config.json says 1. */
  @Test
  void fromScratchTheScaleOfALayerIsOne() {
    Vit dino =
        new Vit(
            Vit.Variant.DINOV2, new TransformerShape(6, 1, 2, 12, 1e-6), new ImageShape(8, 4, 3));
    SortedMap<String, WeightTensor> embeddings = new TreeMap<>();
    for (ParameterLayout.Entry entry : dino.embeddings().entries()) {
      float[] zeros = new float[(int) entry.length()];
      embeddings.put(entry.name(), new WeightTensor(entry.name(), entry.shape(), zeros));
    }
    ParameterLayout layout = dino.backbone().layout();
    PretrainedWeights weights =
        new PretrainedWeights(dino, new float[(int) layout.length()], embeddings, null);
    Network network = network(weights, Init.RANDOM);
    float[] encoder =
        Initializer.scratch(network, options(Init.RANDOM), weights, SEED)
            .get(ParameterGroup.ENCODER);
    ParameterLayout.Entry scale = layout.entry("encoder.layer.0.layer_scale2.lambda1");
    int from = (int) scale.offset();
    assertThat(Arrays.copyOfRange(encoder, from, from + 6)).containsOnly(1);
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  @ParameterizedTest
  @EnumSource(Init.class)
  void theConvolutionIsXavierUniform(Init init) {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    float[] kernel = part(weights, init, ParameterGroup.EMBEDDER, "convolution.weight");
    // gain sqrt 2, fan in 2 channels x 3, fan out 24 x 3
    double bound = Math.sqrt(2) * Math.sqrt(6.0 / (2 * 3 + WIDTH * 3));
    assertUniform(kernel, bound);
    assertThat(part(weights, init, ParameterGroup.EMBEDDER, "convolution.bias")).containsOnly(0);
  }

  private static void assertUniform(float[] values, double bound) {
    double largest = 0;
    double sum = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
      sum += value;
    }
    assertThat(largest).isBetween(0.9 * bound, bound);
    assertThat(deviation(values)).isCloseTo(bound / Math.sqrt(3), within(0.15 * bound));
    assertThat(sum / values.length).isCloseTo(0, within(0.25 * bound));
  }

  @Test
  void theHeadStartsNearZeroOutput() {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    ParameterGroup h = ParameterGroup.HEAD;
    assertThat(part(weights, Init.RANDOM, h, "LayerNorm.weight")).containsOnly(1);
    assertThat(part(weights, Init.RANDOM, h, "LayerNorm.bias")).containsOnly(0);
    assertThat(part(weights, Init.RANDOM, h, "classifier.bias")).containsOnly(0);
    assertUniform(part(weights, Init.RANDOM, h, "classifier.weight"), 1 / Math.sqrt(WIDTH));
  }

  @ParameterizedTest
  @EnumSource(Init.class)
  void valuesAreAFunctionOfTheSeed(Init init) {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    Map<ParameterGroup, float[]> one = initial(weights, init, SEED);
    Map<ParameterGroup, float[]> again = initial(weights, init, SEED);
    Map<ParameterGroup, float[]> other = initial(weights, init, SEED + 1);
    for (ParameterGroup group : ParameterGroup.values()) {
      assertThat(again.get(group)).containsExactly(one.get(group));
    }
    assertThat(other.get(ParameterGroup.EMBEDDER)).isNotEqualTo(one.get(ParameterGroup.EMBEDDER));
    assertThat(other.get(ParameterGroup.HEAD)).isNotEqualTo(one.get(ParameterGroup.HEAD));
  }

  private static float[] head(Network network, PretrainedWeights weights) {
    EmbedderOptions options = options(Init.RANDOM);
    return Objects.requireNonNull(
        Initializer.initial(network, options, weights, SEED).get(ParameterGroup.HEAD));
  }

  @Test
  void theHeadOfADenseSeriesStartsAsItsPooling() {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    Network network =
        Network.of(SmallModel.task(TaskKind.DENSE), options(Init.RANDOM), weights.shape());
    float[] head = head(network, weights);
    assertThat(Arrays.copyOf(head, WIDTH)).containsOnly(1);
    assertThat(Arrays.copyOfRange(head, WIDTH, 2 * WIDTH)).containsOnly(0);
  }

  @Test
  void theHeadOfADenseGridStartsUniform() {
    PretrainedWeights weights = SmallModel.weights(Bert.Variant.BERT, SEED);
    Network text =
        Network.of(SmallModel.task(TaskKind.DENSE), options(Init.RANDOM), weights.shape());
    DenseGridHead grid = new DenseGridHead(WIDTH, 1, 5, 5, 1e-5);
    Network network = new Network(text.task(), text.embedder(), text.encoder(), grid);
    float[] head = head(network, weights);
    ParameterLayout.Entry weight = grid.layout().entry("decoder.weight");
    int from = (int) weight.offset();
    float[] drawn = Arrays.copyOfRange(head, from, from + (int) weight.length());
    double bound = 1 / Math.sqrt(WIDTH);
    assertThat(deviation(drawn)).isCloseTo(bound / Math.sqrt(3), within(0.01 * bound));
    for (float value : drawn) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
    }
    assertThat(Arrays.copyOf(head, WIDTH)).containsOnly(1);
    assertThat(Arrays.copyOfRange(head, from + drawn.length, head.length)).containsOnly(0);
  }
}
