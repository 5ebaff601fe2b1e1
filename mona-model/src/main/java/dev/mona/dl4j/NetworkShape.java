package dev.mona.dl4j;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.encoder.Encoder;
import dev.mona.encoder.EncoderFamily;
import dev.mona.network.Network;
import dev.mona.nn.WindowFit;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * What a network is built from. In a DL4J configuration it stands as {@link Stored}.
 *
 * @param task the target task; the names of its classes are not stored
 * @param kernel kernel and stride of the embedder of a series; 1 for images
 * @param encoder the encoder
 */
record NetworkShape(TaskSpec task, int kernel, Encoder encoder) implements Serializable {

  /** The numbers in the form in which they are stored; Jackson fills the fields. */
  @SuppressWarnings("NullAway.Init")
  static final class Stored {
    /** Name of the task. */
    @JsonProperty String task;

    /** What is predicted. */
    @JsonProperty TaskKind kind;

    /** C of a sample {@code [C, H, W]}. */
    @JsonProperty int channels;

    /** H; 1 for a series. */
    @JsonProperty int height;

    /** W. */
    @JsonProperty int width;

    /** Number of classes or labels, or of values at a point. */
    @JsonProperty int outputs;

    /** The loss that is minimised. */
    @JsonProperty Loss loss;

    /** Weight of positive labels in it. */
    @JsonProperty double positiveWeight;

    /** Largest label of the mean squared loss; 0 for none. */
    @JsonProperty double cap;

    /** Of each output of a dense task. */
    @JsonProperty List<Double> mean;

    /** Of each output of a dense task. */
    @JsonProperty List<Double> sd;

    /** Kernel and stride of the embedder of a series; 1 for images. */
    @JsonProperty int kernel;

    /** What windows do on small maps. */
    @JsonProperty WindowFit window;

    /** The encoder's config.json. */
    @JsonProperty String encoder;
  }

  NetworkShape {
    if (kernel < 1) {
      throw new IllegalArgumentException("embedder kernel is " + kernel + ", must be >= 1");
    }
  }

  static NetworkShape of(Network network) {
    TaskSpec task = network.task();
    int kernel = network.embedder() instanceof SequenceEmbedder series ? series.kernel() : 1;
    return new NetworkShape(
        TaskSpec.of(task.name(), task.kind(), task.shape(), task.outputs())
            .with(task.loss())
            .with(task.scale()),
        kernel,
        network.encoder());
  }

  @JsonCreator
  static NetworkShape of(Stored stored) {
    SampleShape sample = new SampleShape(stored.channels, stored.height, stored.width);
    byte[] config = stored.encoder.getBytes(StandardCharsets.UTF_8);
    try {
      return new NetworkShape(
          TaskSpec.of(stored.task, stored.kind, sample, stored.outputs)
              .with(new LossOptions(stored.loss, stored.positiveWeight, stored.cap))
              .with(new TargetScale(stored.mean, stored.sd)),
          stored.kernel,
          EncoderFamily.read(new ByteArrayInputStream(config), "encoder of the graph")
              .with(stored.window));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @JsonValue
  Stored stored() {
    Stored stored = new Stored();
    stored.task = task.name();
    stored.kind = task.kind();
    stored.channels = task.shape().channels();
    stored.height = task.shape().height();
    stored.width = task.shape().width();
    stored.outputs = task.outputs();
    stored.loss = task.loss().loss();
    stored.positiveWeight = task.loss().positiveWeight();
    stored.cap = task.loss().cap();
    stored.mean = task.scale().mean();
    stored.sd = task.scale().sd();
    stored.kernel = kernel;
    stored.window = encoder.windowFit();
    stored.encoder = json(encoder);
    return stored;
  }

  private static String json(Encoder encoder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      encoder.write(out);
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
    EmbedderOptions options =
        new EmbedderOptions(kernel, task.shape().width(), EmbedderOptions.Init.RANDOM);
    return Network.of(task, options, encoder);
  }
}
