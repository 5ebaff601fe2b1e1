package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest {
  private static double cost(double[][] costs, int[] columns) {
    double sum = 0;
    for (int row = 0; row < columns.length; row++) {
      sum += costs[row][columns[row]];
    }
    return sum;
  }

  /** Every injective map of the rows from {@code row} on. */
  private static double least(double[][] costs, int row, Set<Integer> used) {
    if (row == costs.length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int column = 0; column < costs[row].length; column++) {
      if (used.add(column)) {
        least = Math.min(least, costs[row][column] + least(costs, row + 1, used));
        used.remove(column);
      }
    }
    return least;
  }

  private static double greedy(double[][] costs) {
    Set<Integer> used = new HashSet<>();
    double sum = 0;
    for (double[] row : costs) {
      int best = -1;
      for (int column = 0; column < row.length; column++) {
        if (!used.contains(column) && (best < 0 || row[column] < row[best])) {
          best = column;
        }
      }
      used.add(best);
      sum += row[best];
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 6", "2, 2", "3, 5", "5, 5", "4, 7", "6, 7", "7, 7"})
  void isTheCheapestOfAllMaps(int rows, int columns) {
    Random random = new Random(31L * rows + columns);
    boolean beatsGreedy = false;
    for (int trial = 0; trial < 40; trial++) {
      double[][] costs = new double[rows][columns];
      for (double[] row : costs) {
        for (int column = 0; column < columns; column++) {
          // ties in every other trial
          row[column] = trial % 2 == 0 ? 3 * random.nextGaussian() : random.nextInt(4);
        }
      }
      int[] chosen = Assignment.cheapest(costs);
      assertThat(chosen).hasSize(rows).doesNotHaveDuplicates();
      double exact = cost(costs, chosen);
      assertThat(exact).isCloseTo(least(costs, 0, new HashSet<>()), within(1e-9));
      assertThat(exact).isLessThanOrEqualTo(greedy(costs) + 1e-9);
      beatsGreedy |= exact < greedy(costs) - 1e-3;
    }
    assertThat(beatsGreedy).isEqualTo(rows > 1);
  }

  /** Costs of row 1..n times column 1..n are least in opposite order (rearrangement inequality). */
  @Test
  void pairsTheLargestWithTheSmallest() {
    int n = 120;
    double[][] costs = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        costs[i][j] = (i + 1.0) * (j + 1.0);
      }
    }
    int[] chosen = Assignment.cheapest(costs);
    for (int i = 0; i < n; i++) {
      assertThat(chosen[i]).isEqualTo(n - 1 - i);
    }
  }

  @Test
  void refusesCostsThatAreNoNumbers() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Assignment.cheapest(new double[][] {{1, 2}, {bad, 0}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("are not 2 finite numbers");
    }
    assertThatThrownBy(() -> Assignment.cheapest(new double[][] {{1, 2, 3}, {4, 0}}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesMoreRowsThanColumns() {
    assertThat(Assignment.cheapest(new double[0][0])).isEmpty();
    assertThatThrownBy(() -> Assignment.cheapest(new double[3][2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 rows cannot have a column each of 2");
  }
}
