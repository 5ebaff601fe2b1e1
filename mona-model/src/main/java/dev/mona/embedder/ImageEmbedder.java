package dev.mona.embedder;

import dev.mona.autodiff.Tape;
import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import dev.mona.nn.LayerNorm;
import dev.mona.nn.Leaves;
import dev.mona.nn.ShapeCache;
import dev.mona.nn.Tokens;
import dev.mona.task.SampleShape;
import dev.mona.tensor.ParameterLayout;

/**
 * The 2-D target embedder e_phi (method of ORCA, Shen et al., ICML 2023): bilinear resize to the
 * encoder's image size, a convolution to tokens, and what the encoder's own embedding block has
 * after it: a layer norm, or a position table.
 *
 * @param shape of a sample, an image
 * @param grid the image that the encoder sees, and its tokens
 * @param width W
 * @param after what comes after the convolution
 */
public record ImageEmbedder(SampleShape shape, PatchGrid grid, int width, After after)
    implements TargetEmbedder {
  /** The convolution's weight, {@code [W, C, kernel, kernel]}. */
  public static final String KERNEL = "convolution.weight";

  /** The convolution's bias, {@code [W]}. */
  public static final String BIAS = "convolution.bias";

  /** The layer norm's weight, {@code [W]}. */
  public static final String GAIN = "LayerNorm.weight";

  /** The layer norm's bias, {@code [W]}. */
  public static final String OFFSET = "LayerNorm.bias";

  /** The position table, {@code [prefix + tokens, W]}. */
  public static final String POSITIONS = "position_embeddings.weight";

  private static final String NORM = "LayerNorm";
  private static final ShapeCache<Prefixed, RowIndex> PREFIXED = new ShapeCache<>(Prefixed::rows);

  /** What an embedding block has after its convolution. */
  public sealed interface After {
    /** Tokens before the map, of which the image says nothing. */
    int prefix();

    /** Adds its parameters to those of the convolution. */
    void declare(ParameterLayout.Builder layout, PatchGrid grid, int width);

    /**
     * Records it.
     *
     * @param x tokens of maps, {@code [batch * tokens, W]}
     * @return {@code [batch * (prefix + tokens), W]}
     */
    Variable apply(Leaves parameters, Variable x, PatchGrid grid);
  }

  /**
   * A layer norm.
   *
   * @param epsilon added to the variance
   */
  public record Normed(double epsilon) implements After {
    @Override
    public int prefix() {
      return 0;
    }

    private LayerNorm norm(int width) {
      return new LayerNorm(NORM, width, epsilon);
    }

    @Override
    public void declare(ParameterLayout.Builder layout, PatchGrid grid, int width) {
      norm(width).declare(layout);
    }

    @Override
    public Variable apply(Leaves parameters, Variable x, PatchGrid grid) {
      return norm(Math.toIntExact(x.shape()[1])).apply(parameters, x);
    }
  }

  /**
   * A position table that is added.
   *
   * @param prefix rows of the table alone: a class token with its position
   */
  public record Positioned(int prefix) implements After {
    @Override
    public void declare(ParameterLayout.Builder layout, PatchGrid grid, int width) {
      layout.add(POSITIONS, prefix + grid.tokens(), width);
    }

    @Override
    public Variable apply(Leaves parameters, Variable x, PatchGrid grid) {
      long width = x.shape()[1];
      int batch = Math.toIntExact(x.shape()[0] / grid.tokens());
      Variable all = x;
      if (prefix > 0) {
        all = x.gatherRows(PREFIXED.get(new Prefixed(batch, prefix, grid.tokens())));
      }
      int tokens = prefix + grid.tokens();
      return all.reshape(batch, tokens, width)
          .add(parameters.get(POSITIONS))
          .reshape((long) batch * tokens, width);
    }
  }

  /** Where the rows of maps go when each sample gets rows before them. */
  private record Prefixed(int batch, int prefix, int map) {
    RowIndex rows() {
      int[] rows = new int[batch * (prefix + map)];
      for (int i = 0; i < rows.length; i++) {
        int place = i % (prefix + map) - prefix;
        rows[i] = place < 0 ? RowIndex.ZERO : i / (prefix + map) * map + place;
      }
      return new RowIndex(rows);
    }
  }

  @Override
  public int tokens() {
    return after.prefix() + grid.tokens();
  }

  @Override
  public ParameterLayout layout() {
    int kernel = grid.convolution().kernel();
    ParameterLayout.Builder layout =
        ParameterLayout.builder()
            .add(KERNEL, width, shape.channels(), kernel, kernel)
            .add(BIAS, width);
    after.declare(layout, grid, width);
    return layout.build();
  }

  /**
   * Rows in the order of the map, with the columns of a convolution's weights.
   *
   * @param features {@code [batch, C, H, W]} row-major
   */
  @Override
  public Variable patches(Tape tape, float[] features) {
    return grid.convolution().record(tape, features, shape, grid.height(), grid.width());
  }

  @Override
  public Tokens embed(Leaves parameters, Variable patches) {
    int batch = Math.toIntExact(patches.shape()[0] / grid.tokens());
    int kernel = grid.convolution().kernel();
    Variable weight =
        parameters.get(KERNEL).reshape(width, (long) shape.channels() * kernel * kernel);
    Variable x = patches.linear(weight, parameters.get(BIAS));
    Variable embedded = after.apply(parameters, x, grid);
    return new Tokens(embedded, batch, after.prefix(), grid.down(), grid.across());
  }
}
