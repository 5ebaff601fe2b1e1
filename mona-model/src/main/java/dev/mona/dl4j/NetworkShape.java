package dev.mona.dl4j;

import dev.mona.backbone.Backbone;
import dev.mona.backbone.HieraTransformer;
import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.network.Network;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.weights.EncoderConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The numbers a network is built from, as they stand in a DL4J configuration. The names of the
 * classes are not among them.
 *
 * @param task name of the task
 * @param kind what is predicted
 * @param channels C of a sample {@code [C, H, W]}
 * @param height H; 1 for a series
 * @param width W
 * @param outputs number of classes or labels, or of values at a point
 * @param loss the loss that is minimised
 * @param positiveWeight weight of positive labels in it
 * @param cap largest label of the mean squared loss; 0 for none
 * @param mean of each output of a dense task
 * @param sd of each output of a dense task
 * @param kernel kernel and stride of the embedder of a series; 1 for images
 * @param window what Hiera's windows do on small maps
 * @param encoder the encoder's config.json
 */
record NetworkShape(
    @JsonProperty("task") String task,
    @JsonProperty("kind") TaskKind kind,
    @JsonProperty("channels") int channels,
    @JsonProperty("height") int height,
    @JsonProperty("width") int width,
    @JsonProperty("outputs") int outputs,
    @JsonProperty("loss") Loss loss,
    @JsonProperty("positiveWeight") double positiveWeight,
    @JsonProperty("cap") double cap,
    @JsonProperty("mean") List<Double> mean,
    @JsonProperty("sd") List<Double> sd,
    @JsonProperty("kernel") int kernel,
    @JsonProperty("window") HieraTransformer.Window window,
    @JsonProperty("encoder") String encoder)
    implements Serializable {

  @JsonCreator
  NetworkShape {
    mean = List.copyOf(mean);
    sd = List.copyOf(sd);
    if (kernel < 1) {
      throw new IllegalArgumentException("embedder kernel is " + kernel + ", must be >= 1");
    }
  }

  static NetworkShape of(Network network) {
    TaskSpec task = network.task();
    Backbone backbone = network.backbone();
    return new NetworkShape(
        task.name(),
        task.kind(),
        task.shape().channels(),
        task.shape().height(),
        task.shape().width(),
        task.outputs(),
        task.loss().loss(),
        task.loss().positiveWeight(),
        task.loss().cap(),
        task.scale().mean(),
        task.scale().sd(),
        network.embedder() instanceof SequenceEmbedder series ? series.kernel() : 1,
        backbone instanceof HieraTransformer hiera
            ? hiera.window()
            : HieraTransformer.Window.PADDED,
        json(backbone.config()));
  }

  private static String json(EncoderConfig config) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      config.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * The network of this shape.
   *
   * @throws dev.mona.MonaException or IllegalArgumentException when there is none
   */
  Network network() {
    TaskSpec spec =
        new TaskSpec(
            task,
            new SampleShape(channels, height, width),
            new Prediction(kind, outputs, List.of(), new TargetScale(mean, sd)),
            new LossOptions(loss, positiveWeight, cap));
    EmbedderOptions options =
        new EmbedderOptions(kernel, spec.shape().width(), EmbedderOptions.Init.RANDOM);
    byte[] json = encoder.getBytes(StandardCharsets.UTF_8);
    try {
      EncoderConfig config =
          EncoderConfig.read(new ByteArrayInputStream(json), "encoder of the graph");
      return Network.of(spec, options, Backbone.of(config, window));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
