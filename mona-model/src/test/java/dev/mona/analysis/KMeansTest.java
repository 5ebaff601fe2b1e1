package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KMeansTest {
  private static final long SEED = 17;

  /** Tight groups around (0, 0), (10, 0) and (0, 10), dealt in turn. */
  private static float[] groups(int n) {
    Random random = new Random(SEED);
    float[] rows = new float[2 * n];
    for (int i = 0; i < n; i++) {
      rows[2 * i] = (float) (0.3 * random.nextGaussian() + (i % 3 == 1 ? 10 : 0));
      rows[2 * i + 1] = (float) (0.3 * random.nextGaussian() + (i % 3 == 2 ? 10 : 0));
    }
    return rows;
  }

  @Test
  void findsGroupsThatLieApart() {
    for (long seed = 0; seed < 10; seed++) {
      KMeans clusters = KMeans.fit(groups(30), 2, 3, seed);
      int[] nearest = clusters.nearest(groups(30));
      for (int i = 3; i < 30; i++) {
        assertThat(nearest[i]).as("seed %d, row %d", seed, i).isEqualTo(nearest[i % 3]);
      }
      assertThat(Arrays.stream(nearest).distinct().count()).isEqualTo(3);
    }
  }

  /** A fit is a fixed point: the mean of a cluster's rows is nearest to itself. */
  @Test
  void noRowIsNearerToTheMeanOfAnotherCluster() {
    Random random = new Random(SEED);
    float[] rows = new float[3 * 90];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    int[] nearest = KMeans.fit(rows, 3, 5, SEED).nearest(rows);
    double[][] means = new double[5][3];
    int[] counts = new int[5];
    for (int i = 0; i < 90; i++) {
      counts[nearest[i]]++;
      for (int w = 0; w < 3; w++) {
        means[nearest[i]][w] += rows[3 * i + w];
      }
    }
    for (int i = 0; i < 90; i++) {
      double[] distances = new double[5];
      for (int c = 0; c < 5; c++) {
        for (int w = 0; w < 3; w++) {
          distances[c] += Math.pow(rows[3 * i + w] - means[c][w] / counts[c], 2);
        }
      }
      double least = Arrays.stream(distances).min().orElseThrow();
      assertThat(distances[nearest[i]]).isEqualTo(least);
    }
  }

  @Test
  void isAFunctionOfRowsAndSeed() {
    float[] rows = groups(40);
    assertThat(KMeans.fit(rows, 2, 7, 3).nearest(rows))
        .containsExactly(KMeans.fit(rows, 2, 7, 3).nearest(rows));
    assertThat(KMeans.fit(rows, 2, 7, 4).nearest(rows))
        .isNotEqualTo(KMeans.fit(rows, 2, 7, 3).nearest(rows));
  }

  @Test
  void fewOrEqualRowsMakeFewClusters() {
    assertThat(KMeans.fit(new float[] {1, 2}, 1, 5, SEED).size()).isEqualTo(2);
    float[] equal = new float[12];
    assertThat(KMeans.fit(equal, 2, 4, SEED).nearest(equal)).containsOnly(0);
    float[] two = {0, 0, 0, 9, 9, 9};
    int[] nearest = KMeans.fit(two, 1, 4, SEED).nearest(two);
    assertThat(nearest[0]).isEqualTo(nearest[1]).isNotEqualTo(nearest[5]);
  }

  @Test
  void refusesWhatAreNoRows() {
    assertThatThrownBy(() -> KMeans.fit(new float[5], 2, 2, SEED))
        .hasMessageContaining("5 values are not rows of 2");
    assertThatThrownBy(() -> KMeans.fit(new float[4], 2, 2, SEED).nearest(new float[3]))
        .hasMessageContaining("3 values are not rows of 2");
  }
}
