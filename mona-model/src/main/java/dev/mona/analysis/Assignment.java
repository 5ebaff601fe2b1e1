package dev.mona.analysis;

import java.util.Arrays;
import java.util.Locale;

/**
 * The assignment problem: a column for each row, no column twice, at the least total cost. Shortest
 * augmenting paths with dual prices (Jonker and Volgenant, Computing 1987), {@code O(rows^2
 * columns)}, exact.
 */
final class Assignment {
  private final double[][] costs;
  private final int columns;

  /** Prices of rows and columns; a chosen pair costs their sum, no other pair costs less. */
  private final double[] rowPrices;

  private final double[] columnPrices;

  /** Row of each column, or -1. */
  private final int[] rowOf;

  private Assignment(double[][] costs, int columns) {
    this.costs = costs;
    this.columns = columns;
    rowPrices = new double[costs.length];
    columnPrices = new double[columns];
    rowOf = new int[columns];
    Arrays.fill(rowOf, -1);
  }

  /**
   * Solves the problem.
   *
   * @param costs finite, {@code [rows][columns]}, no more rows than columns
   * @return column of each row
   */
  static int[] cheapest(double[][] costs) {
    int columns = costs.length == 0 ? 0 : costs[0].length;
    if (costs.length > columns) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d rows cannot have a column each of %d", costs.length, columns));
    }
    for (double[] row : costs) {
      if (row.length != columns || !Arrays.stream(row).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "costs %s are not %d finite numbers", Arrays.toString(row), columns));
      }
    }
    Assignment assignment = new Assignment(costs, columns);
    for (int row = 0; row < costs.length; row++) {
      assignment.add(row);
    }
    int[] columnOf = new int[costs.length];
    for (int column = 0; column < columns; column++) {
      if (assignment.rowOf[column] >= 0) {
        columnOf[assignment.rowOf[column]] = column;
      }
    }
    return columnOf;
  }

  /** Gives a further row a column, on the shortest path that moves other rows to free one. */
  private void add(int start) {
    double[] distance = new double[columns];
    int[] before = new int[columns];
    boolean[] reached = new boolean[columns];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int row = start;
    int column = -1;
    double length = 0;
    while (row >= 0) {
      int nearest = -1;
      for (int next = 0; next < columns; next++) {
        if (reached[next]) {
          continue;
        }
        double through = length + costs[row][next] - rowPrices[row] - columnPrices[next];
        if (through < distance[next]) {
          distance[next] = through;
          before[next] = column;
        }
        if (nearest < 0 || distance[next] < distance[nearest]) {
          nearest = next;
        }
      }
      column = nearest;
      reached[column] = true;
      length = distance[column];
      row = rowOf[column];
    }
    rowPrices[start] += length;
    for (int next = 0; next < columns; next++) {
      if (reached[next] && next != column) {
        rowPrices[rowOf[next]] += length - distance[next];
        columnPrices[next] -= length - distance[next];
      }
    }
    while (before[column] >= 0) {
      rowOf[column] = rowOf[before[column]];
      column = before[column];
    }
    rowOf[column] = start;
  }
}
