package dev.mona.dl4j;

import dev.mona.backbone.TextEncoder;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.network.Network;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.weights.TextEncoderConfig;
import dev.mona.weights.TextEncoderKind;
import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The numbers a network is built from, as they stand in a DL4J configuration. The names of the
 * classes are not among them.
 *
 * @param task name of the task
 * @param kind what is predicted
 * @param channels C of a sample {@code [C, L]}
 * @param length L
 * @param outputs number of classes or labels
 * @param positiveWeight weight of positive labels in the multi-label loss
 * @param kernel kernel and stride of the embedder
 * @param encoder BERT or RoBERTa; the rest as in {@link TextEncoderConfig}
 */
record NetworkShape(
    @JsonProperty("task") String task,
    @JsonProperty("kind") TaskKind kind,
    @JsonProperty("channels") int channels,
    @JsonProperty("length") int length,
    @JsonProperty("outputs") int outputs,
    @JsonProperty("positiveWeight") double positiveWeight,
    @JsonProperty("kernel") int kernel,
    @JsonProperty("encoder") TextEncoderKind encoder,
    @JsonProperty("vocabularySize") int vocabularySize,
    @JsonProperty("hiddenWidth") int hiddenWidth,
    @JsonProperty("layers") int layers,
    @JsonProperty("heads") int heads,
    @JsonProperty("feedForwardWidth") int feedForwardWidth,
    @JsonProperty("maxPositions") int maxPositions,
    @JsonProperty("tokenTypes") int tokenTypes,
    @JsonProperty("layerNormEpsilon") double layerNormEpsilon,
    @JsonProperty("positionOffset") int positionOffset)
    implements Serializable {

  @JsonCreator
  NetworkShape {
    if (kernel < 1) {
      throw new IllegalArgumentException("embedder kernel is " + kernel + ", must be >= 1");
    }
  }

  static NetworkShape of(Network network) {
    if (!(network.backbone() instanceof TextEncoder text
        && network.embedder() instanceof SequenceEmbedder series)) {
      throw new IllegalArgumentException("no DL4J layer for " + network.backbone());
    }
    TaskSpec task = network.task();
    TextEncoderConfig config = text.config();
    return new NetworkShape(
        task.name(),
        task.kind(),
        task.shape().channels(),
        task.shape().width(),
        task.outputs(),
        task.loss().positiveWeight(),
        series.kernel(),
        config.kind(),
        config.vocabularySize(),
        config.hiddenWidth(),
        config.layers(),
        config.heads(),
        config.feedForwardWidth(),
        config.maxPositions(),
        config.tokenTypes(),
        config.layerNormEpsilon(),
        config.positionOffset());
  }

  /**
   * The network of this shape.
   *
   * @throws dev.mona.MonaException or IllegalArgumentException when there is none
   */
  Network network() {
    return Network.of(
        TaskSpec.of(task, kind, SampleShape.series(channels, length), outputs)
            .with(new LossOptions(Loss.of(kind), positiveWeight, 0)),
        new EmbedderOptions(kernel, length, EmbedderOptions.Init.RANDOM),
        new TextEncoder(
            new TextEncoderConfig(
                encoder,
                vocabularySize,
                hiddenWidth,
                layers,
                heads,
                feedForwardWidth,
                maxPositions,
                tokenTypes,
                layerNormEpsilon,
                positionOffset)));
  }
}
