package dev.mona.torch;

import dev.mona.compute.Array;

/**
 * Rows of matrices in blocks that stay in a core's cache while several calls go over them, one
 * block after the other. Rows are what the last axis holds.
 */
final class RowBlocks {
  private final long rows;
  private final long block;

  /**
   * Of arrays with the rows of one of them.
   *
   * @param elements of a block, at most
   */
  RowBlocks(long elements, Array like) {
    long width = Math.max(1, like.size(-1));
    rows = like.length() / width;
    block = Math.max(1, Math.min(rows, elements / width));
  }

  /** What is done with some rows. */
  interface Body {
    void accept(Part part);
  }

  /**
   * Some of the rows.
   *
   * @param rows of all arrays
   * @param from the first of them
   * @param to after the last
   */
  record Part(long rows, long from, long to) {
    /** Their rows of an array. */
    Array of(Array array) {
      if (from == 0 && to == rows) {
        return array;
      }
      return array.reshape(rows, array.length() / rows).slice(from, to);
    }

    boolean first() {
      return from == 0;
    }
  }

  void each(Body body) {
    for (long from = 0; from < rows; from += block) {
      body.accept(new Part(rows, from, Math.min(rows, from + block)));
    }
  }
}
