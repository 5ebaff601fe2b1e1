package dev.mona.encoder;

import dev.mona.MonaException;
import dev.mona.Setting;
import dev.mona.backbone.PostNormTransformer;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.embedder.SourceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.embedder.TextEmbedding;
import dev.mona.head.DenseSequenceHead;
import dev.mona.head.Head;
import dev.mona.nn.TransformerLayer;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import dev.mona.weights.WeightTensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An encoder of text: learned absolute positions, post-norm layers, exact GELU. Targets are series
 * to it. Its embedding block has the names of BERT.
 */
public non-sealed interface TextEncoder extends Encoder {
  /** Word table, {@code [vocabulary, W]}. */
  String WORDS = "embeddings.word_embeddings.weight";

  /** Position table, {@code [positions, W]}, offset rows included. */
  String POSITIONS = "embeddings.position_embeddings.weight";

  /** Token-type table, {@code [types, W]}; texts use its first row. */
  String TYPES = "embeddings.token_type_embeddings.weight";

  /** Layer-norm weight, {@code [W]}. */
  String GAIN = "embeddings.LayerNorm.weight";

  /** Layer-norm bias, {@code [W]}. */
  String BIAS = "embeddings.LayerNorm.bias";

  /** Shape of its layers. */
  TransformerShape shape();

  /** Shape of its embedding block. */
  TextTables tables();

  /** What the family calls the parts of a layer, counted from 0. */
  TransformerLayer.Names layer(int number);

  @Override
  default PostNormTransformer backbone() {
    TransformerShape shape = shape();
    return new PostNormTransformer(
        IntStream.range(0, shape.layers())
            .mapToObj(
                i ->
                    new TransformerLayer(
                        layer(i), shape.width(), shape.heads(), shape.inner(), shape.epsilon()))
            .toList());
  }

  @Override
  default double layerNormEpsilon() {
    return shape().epsilon();
  }

  @Override
  default ParameterLayout embeddings() {
    int width = shape().width();
    ParameterLayout.Builder layout =
        ParameterLayout.builder()
            .add(WORDS, tables().vocabulary(), width)
            .add(POSITIONS, tables().positions(), width);
    if (tables().types() > 0) {
      layout.add(TYPES, tables().types(), width);
    }
    return layout.add(Role.LAYER_NORM, GAIN, width).add(Role.LAYER_NORM, BIAS, width).build();
  }

  @Override
  default TargetEmbedder targetEmbedder(TaskSpec task, EmbedderOptions options) {
    SampleShape series = task.shape().asSeries();
    int kernel = SequenceEmbedder.kernel(series.width(), options);
    if (series.width() % kernel != 0) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "the kernel %d does not divide the input length %d of task %s: choose a divisor",
              kernel,
              series.width(),
              task.name()),
          Setting.KERNEL);
    }
    SequenceEmbedder embedder =
        new SequenceEmbedder(
            series.channels(), series.width(), kernel, shape().width(), layerNormEpsilon());
    if (embedder.tokens() > tables().maxTokens()) {
      throw MonaException.configuration(
          String.format(
              Locale.ROOT,
              "task %s becomes %d tokens, the encoder takes %d: take a larger kernel or ask for fewer",
              task.name(),
              embedder.tokens(),
              tables().maxTokens()),
          Setting.KERNEL,
          Setting.TARGET_LENGTH);
    }
    return embedder;
  }

  /** Layer norm and positions. */
  @Override
  default Map<String, float[]> start(
      TargetEmbedder embedder, Map<String, WeightTensor> embeddings) {
    int width = shape().width();
    int from = tables().offset() * width;
    float[] positions = WeightTensor.named(POSITIONS, embeddings).values();
    return Map.of(
        SequenceEmbedder.GAIN, WeightTensor.named(GAIN, embeddings).values(),
        SequenceEmbedder.OFFSET, WeightTensor.named(BIAS, embeddings).values(),
        SequenceEmbedder.POSITIONS,
            Arrays.copyOfRange(positions, from, from + embedder.tokens() * width));
  }

  @Override
  default SourceEmbedder sourceEmbedder(Map<String, WeightTensor> embeddings) {
    return new TextEmbedding(
        new TextEmbedding.Tables(
            WeightTensor.named(WORDS, embeddings),
            WeightTensor.named(POSITIONS, embeddings),
            tables().types() > 0 ? WeightTensor.named(TYPES, embeddings) : null,
            WeightTensor.named(GAIN, embeddings),
            WeightTensor.named(BIAS, embeddings)),
        tables().offset(),
        layerNormEpsilon());
  }

  /** One that sees a row of an image as a series of its own, as the embedder does. */
  @Override
  default Head denseHead(TaskSpec task) {
    SampleShape shape = task.shape();
    return new DenseSequenceHead(shape().width(), task.outputs() * shape.height(), shape.width());
  }

  @Override
  default StepBuffers buffers() {
    return new TextStepBuffers(shape());
  }
}
