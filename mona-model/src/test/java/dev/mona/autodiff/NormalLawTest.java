package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The host kernel against ND4J's operations in double. */
class NormalLawTest {
  private static final long SEED = 5;

  private static INDArray input(int n) {
    Random random = new Random(SEED);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (3 * random.nextGaussian());
    }
    return Nd4j.createFromArray(values);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 17, 2047, 2048, 2049, 10_007})
  void agreesWithTheReference(int n) {
    INDArray x = input(n);
    INDArray out = Nd4j.create(DataType.FLOAT, n);
    assertThat(HostBlocks.reach(x, out)).isTrue();
    INDArray expected = Nd4j.create(DataType.DOUBLE, n);
    INDArray wide = x.castTo(DataType.DOUBLE);
    NormalLaw.distribution(x, out);
    NormalDistribution.reference(wide, expected);
    assertThat(distance(out, expected)).as("seed %s", SEED).isLessThan(1e-6);
    NormalLaw.density(x, out);
    NormalDensity.reference(wide, expected);
    assertThat(distance(out, expected)).as("seed %s", SEED).isLessThan(1e-6);
  }

  private static double distance(INDArray a, INDArray b) {
    return a.castTo(DataType.DOUBLE).sub(b).amaxNumber().doubleValue();
  }

  @Test
  void tailsAreFlatAndNotANumberStays() {
    INDArray x = Nd4j.createFromArray(-1e30f, -40f, 0f, 40f, 1e30f, Float.NaN);
    INDArray out = Nd4j.create(DataType.FLOAT, 6);
    NormalLaw.distribution(x, out);
    assertThat(out.toFloatVector())
        .containsExactly(new float[] {0, 0, 0.5f, 1, 1, Float.NaN}, within(1e-6f));
    NormalLaw.density(x, out);
    assertThat(out.toFloatVector())
        .containsExactly(new float[] {0, 0, 0.3989423f, 0, 0, Float.NaN}, within(1e-6f));
  }

  @Test
  void doesNotApplyToDoubleOrStridedArrays() {
    INDArray wide = Nd4j.create(DataType.DOUBLE, 4, 4);
    assertThat(HostBlocks.reach(wide, wide)).isFalse();
    INDArray strided = Nd4j.create(DataType.FLOAT, 4, 5).permute(1, 0);
    assertThat(HostBlocks.reach(strided, strided)).isFalse();
  }

  @Test
  void worksOnAPartOfABuffer() {
    INDArray whole = input(30);
    INDArray part = whole.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(10, 20));
    INDArray out = Nd4j.create(DataType.FLOAT, 10);
    INDArray all = Nd4j.create(DataType.FLOAT, 30);
    NormalLaw.distribution(whole, all);
    NormalLaw.distribution(part, out);
    for (int i = 0; i < 10; i++) {
      assertThat(out.getFloat(i)).isEqualTo(all.getFloat(10 + i));
    }
  }
}
