package dev.mona.benchmark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every peer computes on.
 *
 * @param layers transformer layers
 * @param width width of a token
 * @param heads attention heads
 * @param hidden width of the feed-forward block
 * @param batch target samples
 * @param tokens tokens of a target sample
 * @param channels channels of a target sample
 * @param kernel kernel and stride of the embedder
 * @param classes target classes
 * @param sourceClasses classes of a source batch
 * @param samplesPerClass texts of each
 * @param sourceTokens tokens of a source text
 * @param threads threads of the native kernels
 */
record Shape(
    int layers,
    int width,
    int heads,
    int hidden,
    int batch,
    int tokens,
    int channels,
    int kernel,
    int classes,
    int sourceClasses,
    int samplesPerClass,
    int sourceTokens,
    int threads) {

  /** The encoder and the batches of the quickstart's alignment stage, with tokens of 50. */
  static Shape standard(int threads) {
    return new Shape(6, 384, 12, 1536, 32, 50, 4, 3, 3, 16, 4, 16, threads);
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
        get(values, "layers"),
        get(values, "width"),
        get(values, "heads"),
        get(values, "hidden"),
        get(values, "batch"),
        get(values, "tokens"),
        get(values, "channels"),
        get(values, "kernel"),
        get(values, "classes"),
        get(values, "sourceClasses"),
        get(values, "samplesPerClass"),
        get(values, "sourceTokens"),
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
        "layers=" + layers,
        "width=" + width,
        "heads=" + heads,
        "hidden=" + hidden,
        "batch=" + batch,
        "tokens=" + tokens,
        "channels=" + channels,
        "kernel=" + kernel,
        "classes=" + classes,
        "sourceClasses=" + sourceClasses,
        "samplesPerClass=" + samplesPerClass,
        "sourceTokens=" + sourceTokens,
        "threads=" + threads);
  }

  /** Texts of a source batch. */
  int sourceTexts() {
    return sourceClasses * samplesPerClass;
  }
}
