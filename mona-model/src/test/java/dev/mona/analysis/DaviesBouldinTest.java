package dev.mona.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.TestDevice;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DaviesBouldinTest {
  static {
    TestDevice.load();
  }

  /** Centroids (0,0), (4,0), (0,3) with spreads 1, 2, 0.5. */
  private static final INDArray FEATURES =
      Nd4j.createFromArray(new float[][] {{-1, 0}, {1, 0}, {4, 2}, {4, -2}, {0.5f, 3}, {-0.5f, 3}});

  @Test
  void takesTheWorstNeighbourOfEachClass() {
    // d01 = 4, d02 = 3, d12 = 5: ratios 3/4, 1.5/3, 2.5/5.
    double expected = (0.75 + 0.75 + 0.5) / 3;
    assertThat(DaviesBouldin.index(FEATURES, new int[] {0, 0, 1, 1, 2, 2}, 3))
        .isCloseTo(expected, within(1e-12));
    assertThat(DaviesBouldin.index(FEATURES, new int[] {5, 5, 0, 0, 2, 2}, 7))
        .as("names and empty classes do not matter")
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void isZeroForPointsAndInfiniteForOneCentroid() {
    INDArray points = Nd4j.createFromArray(new float[][] {{0, 0}, {0, 0}, {1, 5}});
    assertThat(DaviesBouldin.index(points, new int[] {0, 0, 1}, 2)).isZero();
    assertThat(DaviesBouldin.index(points, new int[] {0, 1, 2}, 3)).isInfinite();
  }

  @Test
  void isNaNForOneClass() {
    assertThat(DaviesBouldin.index(FEATURES, new int[6], 3)).isNaN();
  }
}
