package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;

class NormalLawTest {
  private static final long SEED = 5;
  private static final int N = 10_007;

  private static float[] input() {
    Random random = new Random(SEED);
    float[] values = new float[N];
    for (int i = 0; i < N; i++) {
      values[i] = (float) (3 * random.nextGaussian());
    }
    return values;
  }

  @Test
  void distribution() {
    float[] x = input();
    float[] out = new float[N];
    NormalLaw.distribution(x, out, N);
    for (int i = 0; i < N; i++) {
      assertThat((double) out[i])
          .as("seed %s, x %s", SEED, x[i])
          .isCloseTo(Erf.erfc(-x[i] / Math.sqrt(2)) / 2, within(1e-6));
    }
  }

  @Test
  void density() {
    float[] x = input();
    float[] out = new float[N];
    NormalLaw.density(x, out, N);
    for (int i = 0; i < N; i++) {
      assertThat((double) out[i])
          .as("seed %s, x %s", SEED, x[i])
          .isCloseTo(Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI), within(1e-6));
    }
  }

  @Test
  void tailsAreFlatAndNotANumberStays() {
    float[] x = {-1e30f, -40, 0, 40, 1e30f, Float.NaN};
    float[] out = new float[6];
    NormalLaw.distribution(x, out, 6);
    assertThat(out).containsExactly(new float[] {0, 0, 0.5f, 1, 1, Float.NaN}, within(1e-6f));
    NormalLaw.density(x, out, 6);
    assertThat(out).containsExactly(new float[] {0, 0, 0.3989423f, 0, 0, Float.NaN}, within(1e-6f));
  }

  @Test
  void noMoreThanTheFirstElements() {
    float[] x = {1, 1, 1};
    float[] out = {7, 7, 7};
    NormalLaw.distribution(x, out, 2);
    assertThat(out[1]).isNotEqualTo(7);
    assertThat(out[2]).isEqualTo(7);
  }
}
