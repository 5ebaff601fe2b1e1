package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.HostScratch;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.tensor.ParameterLayout;

/**
 * The 1-D target embedder e_phi: a convolution of kernel and stride k, a position table, and layer
 * norm: {@code [B, C, L]} to {@code [B * L/k, W]}. The order is that of the encoder's own embedding
 * block. With the table after the norm, where its rows are small beside a normalised token, the
 * encoder hardly sees positions.
 *
 * @param channels C
 * @param length L
 * @param kernel k, a divisor of L
 * @param width W
 * @param epsilon of the layer norm
 */
public record SequenceEmbedder(int channels, int length, int kernel, int width, double epsilon)
    implements TargetEmbedder {
  /** The convolution's weight, {@code [W, C, k]}. */
  public static final String KERNEL = "convolution.weight";

  /** The layer norm's weight, {@code [W]}. */
  public static final String GAIN = "LayerNorm.weight";

  /** The layer norm's bias, {@code [W]}. */
  public static final String OFFSET = "LayerNorm.bias";

  /** The position table, {@code [tokens, W]}. */
  public static final String POSITIONS = "position_embeddings.weight";

  private static final String BIAS = "convolution.bias";
  private static final String NORM = "LayerNorm";
  private static final HostScratch SCRATCH = new HostScratch();

  public SequenceEmbedder {
    if (kernel < 1 || length % kernel != 0) {
      throw new IllegalArgumentException(
          "embedder kernel " + kernel + " does not divide the input length " + length);
    }
  }

  /** The smallest divisor i of L with {@code L / i <= targetLength}, or the kernel that is set. */
  public static int kernel(int length, EmbedderOptions options) {
    if (options.kernel() > 0) {
      return options.kernel();
    }
    int i = 1;
    while (length % i != 0 || length / i > options.targetLength()) {
      i++;
    }
    return i;
  }

  /** Tokens of one sample, L/k. */
  @Override
  public int tokens() {
    return length / kernel;
  }

  private LayerNorm norm() {
    return new LayerNorm(NORM, width, epsilon);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout.Builder layout =
        ParameterLayout.builder().add(KERNEL, width, channels, kernel).add(BIAS, width);
    norm().declare(layout);
    return layout.add(POSITIONS, tokens(), width).build();
  }

  /**
   * Rows {@code (b, t)} with the columns {@code (c, j)} of {@code x[b, c, t k + j]}.
   *
   * @param features {@code [batch, C, L]} row-major
   */
  @Override
  public Variable patches(Tape tape, float[] features) {
    int batch = features.length / (channels * length);
    return tape.constant(
        patches(features, batch), (long) batch * tokens(), (long) channels * kernel);
  }

  @Override
  public Tokens embed(Leaves parameters, Variable patches) {
    int batch = Math.toIntExact(patches.shape()[0] / tokens());
    Variable weight = parameters.get(KERNEL).reshape(width, (long) channels * kernel);
    Variable x = patches.linear(weight, parameters.get(BIAS));
    x = x.reshape(batch, tokens(), width).add(parameters.get(POSITIONS));
    x = norm().apply(parameters, x.reshape((long) batch * tokens(), width));
    return Tokens.series(x, batch, tokens());
  }

  private float[] patches(float[] features, int batch) {
    float[] patches = SCRATCH.atLeast(0, features.length);
    int to = 0;
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < tokens(); t++) {
        for (int c = 0; c < channels; c++) {
          System.arraycopy(features, (b * channels + c) * length + t * kernel, patches, to, kernel);
          to += kernel;
        }
      }
    }
    return patches;
  }
}
