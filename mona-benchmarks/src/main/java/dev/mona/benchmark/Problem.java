package dev.mona.benchmark;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.encoder.Bert;
import dev.mona.encoder.TextTables;
import dev.mona.encoder.TransformerShape;
import dev.mona.network.Network;
import dev.mona.task.SampleShape;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import dev.mona.tensor.ParameterGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What every peer computes on: the network of the text encoder with its weights, and the inputs.
 *
 * @param shape its sizes
 * @param network embedder, encoder and head
 */
record Problem(Shape shape, Network network) {
  private static final double EPSILON = 1e-12;

  static Problem of(Shape shape) {
    Shape.Encoder encoder = shape.encoder();
    Shape.Target target = shape.target();
    TransformerShape sizes =
        new TransformerShape(
            encoder.width(), encoder.layers(), encoder.heads(), encoder.hidden(), EPSILON);
    int positions = Math.max(target.tokens(), shape.source().tokens());
    TaskSpec task =
        TaskSpec.of(
            "benchmark",
            TaskKind.CLASSIFICATION,
            SampleShape.series(target.channels(), target.tokens() * target.kernel()),
            target.classes());
    EmbedderOptions embedder =
        new EmbedderOptions(target.kernel(), target.tokens(), EmbedderOptions.Init.RANDOM);
    Bert bert = new Bert(Bert.Variant.BERT, sizes, new TextTables(1, positions, 1, 0));
    return new Problem(shape, Network.of(task, embedder, bert));
  }

  /** First weights of a group, in the order of its layout. */
  float[] weights(ParameterGroup group) {
    return SeededValues.weights(network.layout(group));
  }

  /** Samples of the target task, {@code [batch, channels, length]}. */
  float[] samples() {
    return SeededValues.normal("samples", shape.target().batch(), network.task().featureLength());
  }

  /** Class of each sample. */
  float[] labels() {
    float[] labels = new float[shape.target().batch()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % shape.target().classes();
    }
    return labels;
  }

  /** Tokens of the source texts, {@code [texts, tokens, width]}. */
  float[] source() {
    Shape.Source texts = shape.source();
    return SeededValues.normal("source", texts.texts(), texts.tokens(), shape.encoder().width());
  }

  /** Class of each text. */
  int[] sourceLabels() {
    int[] labels = new int[shape.source().texts()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i / shape.source().samplesPerClass();
    }
    return labels;
  }

  /** What the encoder alone runs on, or the gradient that comes from above it. */
  private float[] tokens(String name) {
    Shape.Target target = shape.target();
    return SeededValues.normal(name, target.batch(), target.tokens(), shape.encoder().width());
  }

  /** Writes weights and inputs for peers of other languages: little-endian floats, a file each. */
  void write(Path folder) throws IOException {
    for (ParameterGroup group : ParameterGroup.values()) {
      write(folder, group.name().toLowerCase(Locale.ROOT), weights(group));
    }
    write(folder, "samples", samples());
    write(folder, "source", source());
    write(folder, EncoderStep.TOKENS, tokens(EncoderStep.TOKENS));
    write(folder, EncoderStep.UPSTREAM, tokens(EncoderStep.UPSTREAM));
  }

  private static void write(Path folder, String name, float[] values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(folder.resolve(name + ".f32"), bytes.array());
  }
}
