package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class InnerProductTest {
  private static final int THREADS = Nd4j.getEnvironment().maxThreads();

  @AfterEach
  void asBefore() {
    Nd4j.getEnvironment().setMaxThreads(THREADS);
  }

  private static float[] gaussian(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (1e-3 * random.nextGaussian());
    }
    return values;
  }

  private static double norm(INDArray x) {
    return Math.sqrt(InnerProduct.of(x, x));
  }

  private static double exact(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }

  /** As many values as the largest encoders have; one block over and over, so the sum is known. */
  @Test
  void aLongNormIsExactOnAnyNumberOfThreads() {
    float[] block = gaussian(4000, 1);
    int blocks = 31_250;
    double expected = Math.sqrt(blocks * exact(block, block));
    try (INDArray x =
        Nd4j.createUninitialized(DataType.FLOAT, new long[] {(long) blocks * block.length}, 'c')) {
      FloatBuffer values = HostFloats.view(x);
      for (int i = 0; i < blocks; i++) {
        values.put(block);
      }
      Nd4j.getEnvironment().setMaxThreads(1);
      double one = norm(x);
      assertThat(one / expected).isCloseTo(1, within(1e-10));
      Nd4j.getEnvironment().setMaxThreads(2);
      assertThat(norm(x)).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 2047, 2048, 2049, 100_003})
  void everyElementCountsOnce(int n) {
    float[] a = gaussian(n, 2);
    float[] b = gaussian(n, 3);
    INDArray x = Nd4j.createFromArray(a);
    INDArray y = Nd4j.createFromArray(b);
    double scale = Math.sqrt(exact(a, a) * exact(b, b));
    assertThat(InnerProduct.of(x, y)).isCloseTo(exact(a, b), within(1e-12 * scale));
    assertThat(norm(x)).isCloseTo(Math.sqrt(exact(a, a)), within(1e-12 * scale));
  }

  /**
   * Parts of a vector, tables and types that the JVM does not see go other ways to the same sum.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void everyLayoutAndTypeHasTheSameSum(DataType type) {
    float[] a = gaussian(6000, 4);
    INDArray x = Nd4j.createFromArray(a).castTo(type);
    double norm = Math.sqrt(exact(a, a));
    assertThat(norm(x)).isCloseTo(norm, within(1e-6 * norm));
    assertThat(norm(x.reshape('c', 60, 100))).isCloseTo(norm, within(1e-6 * norm));
    assertThat(norm(x.reshape('c', 60, 100).dup('f'))).isCloseTo(norm, within(1e-6 * norm));
    INDArray half = x.get(NDArrayIndex.interval(0, 2500));
    INDArray rest = x.get(NDArrayIndex.interval(2500, 6000));
    assertThat(Math.hypot(norm(half), norm(rest))).isCloseTo(norm, within(1e-6 * norm));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> InnerProduct.of(Nd4j.zeros(3), Nd4j.zeros(4)))
        .hasMessageContaining("3 and 4 values");
  }
}
