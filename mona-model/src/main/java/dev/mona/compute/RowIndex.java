package dev.mona.compute;

import java.util.Arrays;

/**
 * Which rows of a matrix to gather, and where each of them goes: made once for a shape and shared.
 */
public final class RowIndex {
  /** Index of a row of zeros. */
  public static final int ZERO = -1;

  private final int[] rows;

  /** Row {@code r} went to {@code places[starts[r]] .. places[starts[r + 1] - 1]}, in order. */
  private final int[] starts;

  private final int[] places;
  private final boolean identity;

  /**
   * Looks where each row goes.
   *
   * @param rows index of each gathered row, or {@link #ZERO}
   */
  public RowIndex(int[] rows) {
    this.rows = rows.clone();
    int most = Arrays.stream(rows).max().orElse(ZERO);
    starts = new int[most + 2];
    boolean same = true;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != ZERO) {
        starts[rows[i] + 1]++;
      }
      same &= rows[i] == i;
    }
    identity = same;
    for (int row = 0; row <= most; row++) {
      starts[row + 1] += starts[row];
    }
    places = new int[starts[most + 1]];
    int[] next = starts.clone();
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != ZERO) {
        places[next[rows[i]]++] = i;
      }
    }
  }

  /** Number of gathered rows. */
  public int size() {
    return rows.length;
  }

  /** The source of a gathered row. */
  public int row(int i) {
    return rows[i];
  }

  /** Whether gathering changes nothing about a matrix of so many rows. */
  public boolean keeps(long height) {
    return identity && height == rows.length;
  }

  /** Where the places of a row begin; {@code first(row + 1)} is their end. */
  public int first(int row) {
    return starts[Math.min(row, starts.length - 1)];
  }

  public int place(int k) {
    return places[k];
  }
}
