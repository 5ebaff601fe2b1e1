package dev.mona.benchmark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every peer computes on.
 *
 * @param encoder the text encoder
 * @param target the batch of the target task
 * @param source the batch of the source task
 * @param images what encoders of images compute on
 * @param threads threads of the native kernels
 */
record Shape(Encoder encoder, Target target, Source source, Images images, int threads) {

  /**
   * A text encoder.
   *
   * @param layers transformer layers
   * @param width width of a token
   * @param heads attention heads
   * @param hidden width of the feed-forward block
   */
  record Encoder(int layers, int width, int heads, int hidden) {}

  /**
   * A batch of series for the target task.
   *
   * @param batch samples
   * @param tokens tokens of a sample
   * @param channels channels of a sample
   * @param kernel kernel and stride of the embedder
   * @param classes classes of the task
   */
  record Target(int batch, int tokens, int channels, int kernel, int classes) {}

  /**
   * A batch of texts for the source task.
   *
   * @param classes classes in the batch
   * @param samplesPerClass texts of each
   * @param tokens tokens of a text
   */
  record Source(int classes, int samplesPerClass, int tokens) {
    /** Texts of the batch. */
    int texts() {
      return classes * samplesPerClass;
    }
  }

  /**
   * Swin and Hiera with the depths, windows and head widths of their released tiny models.
   *
   * @param stageWidth width of a token in the first stage, a multiple of 32
   * @param swinBatch images of a batch
   * @param swinSide side of the first map of tokens
   * @param hieraBatch images of a batch
   * @param hieraSide side of the first map of tokens
   */
  record Images(int stageWidth, int swinBatch, int swinSide, int hieraBatch, int hieraSide) {}

  /**
   * The text encoder and the batches of the quickstart's alignment stage, with tokens of 50; images
   * of 224 x 224 pixels for Swin-T and 64 x 64 for Hiera-T.
   */
  static Shape standard(int threads) {
    return new Shape(
        new Encoder(6, 384, 12, 1536),
        new Target(32, 50, 4, 3, 3),
        new Source(16, 4, 16),
        new Images(96, 4, 56, 16, 16),
        threads);
  }

  /** Reads what {@link #arguments} writes. */
  static Shape parse(String... arguments) {
    Map<String, Integer> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("argument " + argument + " is not name=value");
      }
      values.put(argument.substring(0, equals), Integer.valueOf(argument.substring(equals + 1)));
    }
    return new Shape(
        new Encoder(
            get(values, "layers"),
            get(values, "width"),
            get(values, "heads"),
            get(values, "hidden")),
        new Target(
            get(values, "batch"),
            get(values, "tokens"),
            get(values, "channels"),
            get(values, "kernel"),
            get(values, "classes")),
        new Source(
            get(values, "sourceClasses"),
            get(values, "samplesPerClass"),
            get(values, "sourceTokens")),
        new Images(
            get(values, "stageWidth"),
            get(values, "swinBatch"),
            get(values, "swinSide"),
            get(values, "hieraBatch"),
            get(values, "hieraSide")),
        get(values, "threads"));
  }

  private static int get(Map<String, Integer> values, String name) {
    Integer value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("argument " + name + " is missing");
    }
    return value;
  }

  /** The shape as {@code name=value} arguments of a peer. */
  List<String> arguments() {
    return List.of(
        "layers=" + encoder.layers,
        "width=" + encoder.width,
        "heads=" + encoder.heads,
        "hidden=" + encoder.hidden,
        "batch=" + target.batch,
        "tokens=" + target.tokens,
        "channels=" + target.channels,
        "kernel=" + target.kernel,
        "classes=" + target.classes,
        "sourceClasses=" + source.classes,
        "samplesPerClass=" + source.samplesPerClass,
        "sourceTokens=" + source.tokens,
        "stageWidth=" + images.stageWidth,
        "swinBatch=" + images.swinBatch,
        "swinSide=" + images.swinSide,
        "hieraBatch=" + images.hieraBatch,
        "hieraSide=" + images.hieraSide,
        "threads=" + threads);
  }
}
