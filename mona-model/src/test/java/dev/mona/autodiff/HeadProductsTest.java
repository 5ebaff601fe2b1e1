package dev.mona.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/** The host kernel against ND4J's product in double. */
class HeadProductsTest {
  private static final long SEED = 11;

  private final Random random = new Random(SEED);

  private INDArray weights(int batch, int heads, int length) {
    return DerivativeCheck.gaussian(random, batch, heads, length, length);
  }

  private INDArray tokens(int batch, int heads, int length, int width) {
    return DerivativeCheck.gaussian(random, (long) batch * length, (long) heads * width);
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1", "1,1,5,3", "2,3,1,4", "3,2,7,1", "5,12,50,32", "2,4,17,9", "2,1,70,96"})
  void agreesWithTheReference(int batch, int heads, int length, int width) {
    INDArray q = tokens(batch, heads, length, width);
    INDArray k = tokens(batch, heads, length, width);
    INDArray w = weights(batch, heads, length);
    INDArray byHead = Buffer.splitHeads(q, heads, length);
    check(byHead, Buffer.splitHeads(k, heads, length), w, false, true, heads, length);
    check(w, byHead, k, false, false, heads, length);
    check(w, byHead, k, true, false, heads, length);
  }

  private static void check(
      INDArray a, INDArray b, INDArray out, boolean transA, boolean transB, int heads, int length) {
    for (double beta : new double[] {0, 1}) {
      INDArray expected = heads(out.dup('c'), heads, length);
      Nd4j.exec(
          new Mmul(
              a,
              b,
              expected,
              0.7,
              beta,
              MMulTranspose.builder().transposeA(transA).transposeB(transB).build()));
      INDArray narrow = out.castTo(DataType.FLOAT).dup('c');
      INDArray actual = heads(narrow, heads, length);
      INDArray left = narrow(a);
      INDArray right = narrow(b);
      assertThat(HeadProducts.apply(left, right, actual, transA)).isTrue();
      HeadProducts.run(left, right, actual, transA, transB, 0.7, beta);
      assertThat(actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue())
          .as("seed %s, beta %s", SEED, beta)
          .isLessThan(1e-5 * length);
    }
  }

  private static INDArray heads(INDArray array, int heads, int length) {
    return array.rank() == 2 ? Buffer.splitHeads(array, heads, length) : array;
  }

  /** In float, with the same strides. */
  private static INDArray narrow(INDArray array) {
    if (array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array)) {
      return array.castTo(DataType.FLOAT);
    }
    INDArray back = array.permute(0, 2, 1, 3).castTo(DataType.FLOAT).dup('c');
    return back.permute(0, 2, 1, 3);
  }

  @Test
  void doesNotApplyToDoubleLargeOrTransposedArrays() {
    INDArray wide = Nd4j.create(DataType.DOUBLE, 2, 2, 3, 3);
    assertThat(HeadProducts.apply(wide, wide, wide, false)).isFalse();
    INDArray large = Nd4j.create(DataType.FLOAT, 1, 1, 129, 129);
    assertThat(HeadProducts.apply(large, large, large, false)).isFalse();
    INDArray transposed = Nd4j.create(DataType.FLOAT, 2, 2, 3, 3).permute(0, 1, 3, 2);
    assertThat(HeadProducts.apply(transposed, transposed, transposed, false)).isFalse();
    INDArray small = Nd4j.create(DataType.FLOAT, 2, 2, 3, 3);
    assertThat(HeadProducts.apply(small, small, small, false)).isTrue();
  }
}
