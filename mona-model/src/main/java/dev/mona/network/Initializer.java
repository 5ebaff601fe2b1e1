package dev.mona.network;

import dev.mona.embedder.EmbedderOptions;
import dev.mona.embedder.ImageEmbedder;
import dev.mona.embedder.SequenceEmbedder;
import dev.mona.embedder.TargetEmbedder;
import dev.mona.head.DenseGridHead;
import dev.mona.head.DenseSequenceHead;
import dev.mona.random.SplitMix64;
import dev.mona.tensor.ParameterGroup;
import dev.mona.tensor.ParameterLayout;
import dev.mona.tensor.Role;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * Initial values as flat vectors, a pure function of the seed.
 *
 * <ul>
 *   <li>convolution of a series: Xavier-uniform with gain sqrt 2, bias 0; its layer norm and
 *       positions: those of the checkpoint (init PRETRAINED), or 1, 0 and normal with deviation
 *       0.02 (init RANDOM)
 *   <li>convolution of an image: kernels of the checkpoint repeated along the channels, with its
 *       bias, layer norm or positions (init PRETRAINED), or kernels and positions normal with
 *       deviation 0.02, cut at two deviations, bias 0, layer norm 1 and 0 (init RANDOM)
 *   <li>encoder: that of the checkpoint; from scratch layer norms 1 and 0, layer scales 1, biases
 *       0, everything else normal with deviation 0.02
 *   <li>head: layer norm 1 and 0, classifier or decoder uniform within 1/sqrt(W), bias 0; of a
 *       dense series gain 1, bias 0
 * </ul>
 */
public final class Initializer {
  /** Of tables and encoder weights, the {@code initializer_range} of BERT, RoBERTa and Swin. */
  private static final double DEVIATION = 0.02;

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

  /** All groups with nothing from the checkpoint: training from scratch. */
  public static Map<ParameterGroup, float[]> scratch(
      Network network, EmbedderOptions options, PretrainedWeights weights, long seed) {
    Map<ParameterGroup, float[]> values = initial(network, options.random(), weights, seed);
    values.put(ParameterGroup.ENCODER, encoder(network.backbone().layout(), seed));
    return values;
  }

  /** As the families of encoders start: vectors are gains or biases, all else is a table. */
  private static float[] encoder(ParameterLayout layout, long seed) {
    float[] values = new float[Math.toIntExact(layout.length())];
    for (ParameterLayout.Entry entry : layout.entries()) {
      if (entry.shape().length > 1) {
        normal(values, entry, DEVIATION, seed);
      } else if (entry.role() == Role.SCALE || entry.name().endsWith(".weight")) {
        fill(values, entry, 1);
      }
    }
    return values;
  }

  private static float[] embedder(
      TargetEmbedder embedder, EmbedderOptions options, PretrainedWeights weights, long seed) {
    ParameterLayout layout = embedder.layout();
    float[] values = new float[Math.toIntExact(layout.length())];
    if (embedder instanceof SequenceEmbedder series) {
      series(values, series, seed);
    } else {
      image(values, layout, seed);
    }
    if (options.init() == EmbedderOptions.Init.PRETRAINED) {
      weights
          .shape()
          .start(embedder, weights.embeddings())
          .forEach((name, start) -> copy(values, layout.entry(name), start));
    }
    return values;
  }

  private static void series(float[] values, SequenceEmbedder embedder, long seed) {
    ParameterLayout layout = embedder.layout();
    double fan = (double) embedder.kernel() * (embedder.channels() + embedder.width());
    double bound = Math.sqrt(2) * Math.sqrt(6 / fan);
    uniform(values, layout.entry(SequenceEmbedder.KERNEL), bound, seed);
    fill(values, layout.entry(SequenceEmbedder.GAIN), 1);
    normal(values, layout.entry(SequenceEmbedder.POSITIONS), DEVIATION, seed);
  }

  private static void image(float[] values, ParameterLayout layout, long seed) {
    for (ParameterLayout.Entry entry : layout.entries()) {
      switch (entry.name()) {
        case ImageEmbedder.KERNEL, ImageEmbedder.POSITIONS ->
            truncatedNormal(values, entry, DEVIATION, seed);
        case ImageEmbedder.GAIN -> fill(values, entry, 1);
        default -> fill(values, entry, 0);
      }
    }
  }

  private static float[] head(Network network, long seed) {
    ParameterLayout layout = network.head().layout();
    float[] values = new float[Math.toIntExact(layout.length())];
    if (network.head() instanceof DenseSequenceHead) {
      fill(values, layout.entry("affine.weight"), 1);
      return values;
    }
    fill(values, layout.entry("LayerNorm.weight"), 1);
    double bound = 1 / Math.sqrt(network.backbone().width());
    String linear = network.head() instanceof DenseGridHead ? "decoder" : "classifier";
    uniform(values, layout.entry(linear + ".weight"), bound, seed);
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

  /** Normal values, drawn again where they are more than two deviations away. */
  private static void truncatedNormal(
      float[] values, ParameterLayout.Entry entry, double deviation, long seed) {
    Random random = random(seed, entry);
    for (int i = 0; i < entry.length(); i++) {
      double z = random.nextGaussian();
      while (Math.abs(z) > 2) {
        z = random.nextGaussian();
      }
      values[(int) entry.offset() + i] = (float) (deviation * z);
    }
  }

  private static void fill(float[] values, ParameterLayout.Entry entry, float value) {
    Arrays.fill(values, (int) entry.offset(), (int) (entry.offset() + entry.length()), value);
  }

  private static void copy(float[] values, ParameterLayout.Entry entry, float[] from) {
    System.arraycopy(from, 0, values, (int) entry.offset(), (int) entry.length());
  }
}
