package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.Tokens;
import dev.mona.task.SampleShape;
import dev.mona.tensor.ParameterLayout;

/**
 * The 2-D target embedder e_phi (method of ORCA, Shen et al., ICML 2023): bilinear resize to the
 * encoder's image size, a convolution to tokens, and what the encoder's own embedding block has
 * after it: a layer norm, or a position table.
 *
 * @param shape of a sample, an image
 * @param size side of the image that the encoder sees, in pixels
 * @param patches kernel, stride and padding of the convolution
 * @param width W
 * @param after what comes after the convolution
 * @param epsilon of the layer norm
 */
public record ImageEmbedder(
    SampleShape shape, int size, PatchConvolution patches, int width, After after, double epsilon)
    implements TargetEmbedder {
  static final String CONVOLUTION = "convolution";
  static final String NORM = "LayerNorm";
  static final String POSITIONS = "position_embeddings.weight";

  /** What an embedding block has after its convolution. */
  public enum After {
    /** Swin: a layer norm. */
    LAYER_NORM,
    /** Hiera: a position table that is added. */
    POSITIONS
  }

  /** Tokens of a side. */
  public int side() {
    return patches.tokens(size);
  }

  @Override
  public int tokens() {
    return side() * side();
  }

  private LayerNorm norm() {
    return new LayerNorm(NORM, width, epsilon);
  }

  @Override
  public ParameterLayout layout() {
    int kernel = patches.kernel();
    ParameterLayout.Builder layout =
        ParameterLayout.builder()
            .add(CONVOLUTION + ".weight", width, shape.channels(), kernel, kernel)
            .add(CONVOLUTION + ".bias", width);
    switch (after) {
      case LAYER_NORM -> norm().declare(layout);
      case POSITIONS -> layout.add(POSITIONS, tokens(), width);
    }
    return layout.build();
  }

  /**
   * Records the embedder.
   *
   * @param features {@code [batch, C, H, W]} row-major
   */
  @Override
  public Tokens embed(Tape tape, Leaves parameters, float[] features) {
    int batch = features.length / shape.length();
    int patch = shape.channels() * patches.kernel() * patches.kernel();
    Variable weight = parameters.get(CONVOLUTION + ".weight").reshape(width, patch);
    Variable x =
        patches
            .record(tape, features, shape, size, size)
            .linear(weight, parameters.get(CONVOLUTION + ".bias"));
    Variable embedded =
        switch (after) {
          case LAYER_NORM -> norm().apply(parameters, x);
          case POSITIONS ->
              x.reshape(batch, tokens(), width)
                  .add(parameters.get(POSITIONS))
                  .reshape((long) batch * tokens(), width);
        };
    return new Tokens(embedded, batch, side(), side());
  }
}
