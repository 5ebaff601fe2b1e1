package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import dev.mona.tensor.ParameterLayout;

/**
 * Halves the map and doubles the width (Liu et al. 2021): each 2 x 2 tokens side by side, layer
 * norm, a linear map without bias. A map of odd size is padded with zeros.
 *
 * @param name prefix of its parameters
 * @param width width of a token before
 * @param epsilon of the layer norm
 */
public record PatchMerging(String name, int width, double epsilon) {
  private static final int GROUP = 4;
  private static final ShapeCache<Maps, RowIndex> ROWS = new ShapeCache<>(Maps::rows);

  /** A batch of maps, and in which order their tokens come side by side. */
  private record Maps(int batch, int height, int width) {
    int tokens() {
      return batch * half(height) * half(width);
    }

    RowIndex rows() {
      int across = half(width);
      int each = half(height) * across;
      int[] rows = new int[tokens() * GROUP];
      int at = 0;
      for (int b = 0; b < batch; b++) {
        for (int token = 0; token < each; token++) {
          for (int k = 0; k < GROUP; k++, at++) {
            // down the first column, then down the second: the order of the pretrained weights
            int i = 2 * (token / across) + k % 2;
            int j = 2 * (token % across) + k / 2;
            boolean inside = i < height && j < width;
            rows[at] = inside ? (b * height + i) * width + j : RowIndex.ZERO;
          }
        }
      }
      return new RowIndex(rows);
    }
  }

  private LayerNorm norm() {
    return new LayerNorm(name + ".norm", GROUP * width, epsilon);
  }

  private String reduction() {
    return name + ".reduction.weight";
  }

  public void declare(ParameterLayout.Builder layout) {
    layout.add(reduction(), 2L * width, (long) GROUP * width);
    norm().declare(layout);
  }

  /** Half a map's side, rounded up. */
  public static int half(int side) {
    return (side + 1) / 2;
  }

  /** {@code [batch * height * width, W]} to {@code [batch * half * half, 2 W]}. */
  public Variable apply(Leaves parameters, Variable x, int batch, int height, int columns) {
    Maps maps = new Maps(batch, height, columns);
    Variable merged = x.gatherRows(ROWS.get(maps)).reshape(maps.tokens(), (long) GROUP * width);
    return norm().apply(parameters, merged).matmul(parameters.get(reduction()), false, true);
  }
}
