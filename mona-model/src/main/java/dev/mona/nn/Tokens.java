package dev.mona.nn;

import dev.mona.autodiff.Variable;
import dev.mona.compute.RowIndex;
import java.util.Locale;

/**
 * Recorded tokens of a batch: of each sample first those that are on no map, such as a class token,
 * then a map of {@code height x width} tokens, row by row; a text is a map of height 1.
 *
 * @param values {@code [batch * (prefix + height * width), W]}
 * @param batch samples
 * @param prefix tokens of a sample that are on no map
 * @param height tokens from top to bottom
 * @param width tokens from left to right
 */
public record Tokens(Variable values, int batch, int prefix, int height, int width) {
  private static final ShapeCache<Cut, RowIndex> ON_MAP = new ShapeCache<>(Cut::rows);

  /** What rows of a map follow from. */
  private record Cut(int batch, int prefix, int map) {
    RowIndex rows() {
      int[] rows = new int[batch * map];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i / map * (prefix + map) + prefix + i % map;
      }
      return new RowIndex(rows);
    }
  }

  public Tokens {
    long rows = batch * ((long) prefix + (long) height * width);
    if (values.shape().length != 2 || values.shape()[0] != rows) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d maps of %d x %d tokens are no %d rows",
              batch,
              height,
              width,
              values.shape()[0]));
    }
  }

  /** Maps alone. */
  public Tokens(Variable values, int batch, int height, int width) {
    this(values, batch, 0, height, width);
  }

  /** A batch of texts or series. */
  public static Tokens series(Variable values, int batch, int length) {
    return new Tokens(values, batch, 1, length);
  }

  /** Tokens of one sample. */
  public int size() {
    return prefix + height * width;
  }

  /** The maps without what is on none. */
  public Tokens onMap() {
    if (prefix == 0) {
      return this;
    }
    RowIndex rows = ON_MAP.get(new Cut(batch, prefix, height * width));
    return new Tokens(values.gatherRows(rows), batch, height, width);
  }

  /** Other values on the same maps. */
  public Tokens with(Variable other) {
    return new Tokens(other, batch, prefix, height, width);
  }
}
