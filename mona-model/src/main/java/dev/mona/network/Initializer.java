package dev.mona.network;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.random.SplitMix64;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * Initial values of embedder and head as flat vectors, a pure function of the seed.
 *
 * <ul>
 *   <li>convolution: Xavier-uniform with gain sqrt 2, bias 0
 *   <li>embedder's layer norm and positions: those of the checkpoint (init PRETRAINED), or 1, 0 and
 *       normal with deviation 0.02 (init RANDOM)
 *   <li>head: layer norm 1 and 0, classifier uniform within 1/sqrt(W), bias 0
 * </ul>
 */
public final class Initializer {
  private Initializer() {}

  /** All groups; the encoder starts as the checkpoint. */
  public static Map<ParameterGroup, float[]> initial(
      Network network, EmbedderOptions options, PretrainedWeights weights, long seed) {
    Map<ParameterGroup, float[]> values = new EnumMap<>(ParameterGroup.class);
    values.put(ParameterGroup.EMBEDDER, embedder(network.embedder(), options, weights, seed));
    values.put(ParameterGroup.ENCODER, weights.encoder());
    values.put(ParameterGroup.HEAD, head(network, seed));
    return values;
  }

  private static float[] embedder(
      SequenceEmbedder embedder, EmbedderOptions options, PretrainedWeights weights, long seed) {
    ParameterLayout layout = embedder.layout();
    float[] values = new float[Math.toIntExact(layout.length())];
    int width = embedder.width();
    double fan = (double) embedder.kernel() * (embedder.channels() + width);
    uniform(values, layout.entry("convolution.weight"), Math.sqrt(2) * Math.sqrt(6 / fan), seed);
    switch (options.init()) {
      case PRETRAINED -> {
        int offset = weights.config().positionOffset() * width;
        copy(values, layout.entry("LayerNorm.weight"), weights.gain(), 0);
        copy(values, layout.entry("LayerNorm.bias"), weights.bias(), 0);
        copy(values, layout.entry("position_embeddings.weight"), weights.positions(), offset);
      }
      case RANDOM -> {
        fill(values, layout.entry("LayerNorm.weight"), 1);
        normal(values, layout.entry("position_embeddings.weight"), 0.02, seed);
      }
    }
    return values;
  }

  private static float[] head(Network network, long seed) {
    ParameterLayout layout = network.head().layout();
    float[] values = new float[Math.toIntExact(layout.length())];
    fill(values, layout.entry("LayerNorm.weight"), 1);
    double bound = 1 / Math.sqrt(network.head().width());
    uniform(values, layout.entry("classifier.weight"), bound, seed);
    return values;
  }

  private static Random random(long seed, ParameterLayout.Entry entry) {
    return new Random(SplitMix64.hash(seed, entry.name().hashCode()));
  }

  private static void uniform(
      float[] values, ParameterLayout.Entry entry, double bound, long seed) {
    Random random = random(seed, entry);
    for (int i = 0; i < entry.length(); i++) {
      values[(int) entry.offset() + i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
  }

  private static void normal(
      float[] values, ParameterLayout.Entry entry, double deviation, long seed) {
    Random random = random(seed, entry);
    for (int i = 0; i < entry.length(); i++) {
      values[(int) entry.offset() + i] = (float) (deviation * random.nextGaussian());
    }
  }

  private static void fill(float[] values, ParameterLayout.Entry entry, float value) {
    Arrays.fill(values, (int) entry.offset(), (int) (entry.offset() + entry.length()), value);
  }

  private static void copy(
      float[] values, ParameterLayout.Entry entry, float[] from, int fromOffset) {
    System.arraycopy(from, fromOffset, values, (int) entry.offset(), (int) entry.length());
  }
}
