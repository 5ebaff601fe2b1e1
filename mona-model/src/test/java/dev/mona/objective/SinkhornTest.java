package dev.mona.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkhornTest {
  private static double[][] cost(int n, int m, long seed) {
    Random random = new Random(seed);
    double[][] cost = new double[n][m];
    for (double[] row : cost) {
      for (int j = 0; j < m; j++) {
        row[j] = 4 * random.nextDouble();
      }
    }
    return cost;
  }

  /** The cheapest assignment of rows from {@code i} on to columns not yet taken. */
  private static double cheapest(double[][] cost, int i, boolean[] taken) {
    if (i == cost.length) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int j = 0; j < taken.length; j++) {
      if (!taken[j]) {
        taken[j] = true;
        best = Math.min(best, cost[i][j] + cheapest(cost, i + 1, taken));
        taken[j] = false;
      }
    }
    return best;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void weakRegularisationGivesTheBestAssignment(int n) {
    for (long seed = 0; seed < 5; seed++) {
      double[][] cost = cost(n, n, 31L * n + seed);
      double expected = cheapest(cost, 0, new boolean[n]) / n;
      // the entropy of a permutation against the product of uniform weights is log n
      double reg = 2e-3;
      assertThat(Sinkhorn.solve(cost, reg).value() - reg * Math.log(n))
          .as("n %d, seed %d", n, seed)
          .isCloseTo(expected, within(1e-3));
    }
  }

  @Test
  void thePlanHasItsMarginsAndTheValueIsThatOfTheProblem() {
    double reg = 0.3;
    for (int[] shape : new int[][] {{1, 1}, {1, 7}, {7, 1}, {3, 4}, {17, 5}}) {
      int n = shape[0];
      int m = shape[1];
      double[][] cost = cost(n, m, 100L * n + m);
      Sinkhorn.Solution solution = Sinkhorn.solve(cost, reg);
      double primal = 0;
      double[] columns = new double[m];
      for (int i = 0; i < n; i++) {
        double row = 0;
        for (int j = 0; j < m; j++) {
          double p = solution.plan()[i][j];
          row += p;
          columns[j] += p;
          primal += p * cost[i][j] + reg * p * Math.log(p * n * m);
        }
        assertThat(row).isCloseTo(1.0 / n, within(1e-12));
      }
      for (double column : columns) {
        assertThat(column).isCloseTo(1.0 / m, within(2e-5 / m));
      }
      assertThat(solution.value()).as(n + " x " + m).isCloseTo(primal, within(1e-5));
    }
  }

  /** For 2 x 2 the plan is {@code p = 1 / (2 + 2 exp(-d))} twice, d the halved cost of a swap. */
  @Test
  void closedFormOfTwoPoints() {
    double reg = 0.5;
    double[][] cost = {{0.2, 1.5}, {0.7, 0.4}};
    double swap = (cost[0][1] + cost[1][0] - cost[0][0] - cost[1][1]) / 2;
    double p = 0.5 / (1 + Math.exp(-swap / reg));
    Sinkhorn.Solution solution = Sinkhorn.solve(cost, reg);
    assertThat(solution.plan()[0][0]).isCloseTo(p, within(1e-5));
    assertThat(solution.plan()[1][1]).isCloseTo(p, within(1e-5));
    assertThat(solution.plan()[0][1]).isCloseTo(0.5 - p, within(1e-5));
  }

  @Test
  void aSetAndItselfIsTheSameProblem() {
    double[][] cost = cost(9, 9, 3);
    for (int i = 0; i < 9; i++) {
      cost[i][i] = 0;
      for (int j = 0; j < i; j++) {
        cost[i][j] = cost[j][i];
      }
    }
    for (double reg : new double[] {0.02, 0.1, 1}) {
      Sinkhorn.Solution general = Sinkhorn.solve(cost, reg);
      Sinkhorn.Solution symmetric = Sinkhorn.solveSymmetric(cost, reg);
      assertThat(symmetric.value()).isCloseTo(general.value(), within(1e-4));
      for (int i = 0; i < 9; i++) {
        assertThat(symmetric.plan()[i]).containsExactly(general.plan()[i], within(1e-4));
      }
    }
  }

  @Test
  void whatIsNotFiniteEndsAsNoNumber() {
    double[][] cost = {{1, Double.POSITIVE_INFINITY}, {Double.NaN, 1}};
    assertThat(Sinkhorn.solve(cost, 0.1).value()).isNaN();
    assertThat(Sinkhorn.solveSymmetric(cost, 0.1).value()).isNaN();
  }
}
