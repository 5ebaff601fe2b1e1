package dev.mona.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.embedder.BicubicResize;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldedPositionsTest {
  private static final long SEED = 5;
  private static final int WIDTH = 3;
  private static final int SIDE = 40;
  private static final int POSITIONS = 5;
  private static final int WINDOW = 4;

  private final Random random = new Random(SEED);

  private float[] gaussian(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] sum(float[] coarse, float[] window) {
    float[] table = BicubicResize.of(coarse, WIDTH, POSITIONS, POSITIONS, SIDE, SIDE);
    for (int c = 0; c < WIDTH; c++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          table[(c * SIDE + y) * SIDE + x] +=
              window[(c * WINDOW + y % WINDOW) * WINDOW + x % WINDOW];
        }
      }
    }
    return table;
  }

  /** Up to the mean of the second table, which goes to the first. */
  @Test
  void givesBothTablesBack() {
    float[] coarse = gaussian(WIDTH * POSITIONS * POSITIONS);
    float[] window = gaussian(WIDTH * WINDOW * WINDOW);
    FoldedPositions folded =
        FoldedPositions.of(sum(coarse, window), WIDTH, SIDE, POSITIONS, WINDOW);
    assertThat(folded.residual()).isLessThan(1e-5);
    for (int c = 0; c < WIDTH; c++) {
      float mean = 0;
      for (int i = 0; i < WINDOW * WINDOW; i++) {
        mean += window[c * WINDOW * WINDOW + i] / (WINDOW * WINDOW);
      }
      for (int i = 0; i < POSITIONS * POSITIONS; i++) {
        int at = c * POSITIONS * POSITIONS + i;
        assertThat(folded.coarse()[at])
            .as("seed %s", SEED)
            .isCloseTo(coarse[at] + mean, within(1e-4f));
      }
      for (int i = 0; i < WINDOW * WINDOW; i++) {
        int at = c * WINDOW * WINDOW + i;
        assertThat(folded.window()[at])
            .as("seed %s", SEED)
            .isCloseTo(window[at] - mean, within(1e-4f));
      }
    }
  }

  @Test
  void aTableOfAnotherKindLeavesAResidual() {
    float[] table = gaussian(WIDTH * SIDE * SIDE);
    assertThat(FoldedPositions.of(table, WIDTH, SIDE, POSITIONS, WINDOW).residual())
        .isGreaterThan(0.1);
    table[77] = Float.NaN;
    assertThat(FoldedPositions.of(table, WIDTH, SIDE, POSITIONS, WINDOW).residual()).isNaN();
  }
}
