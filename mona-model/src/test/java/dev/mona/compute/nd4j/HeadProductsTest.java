package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.ElementType;
import dev.mona.compute.Heads;
import dev.mona.compute.Values;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The host kernel against ND4J's product in double. */
class HeadProductsTest {
  private static final long SEED = 11;
  private static final Nd4jDevice FLOATS =
      new Nd4jDevice(null, ElementType.FLOAT, KernelChoice.HOST);
  private static final Nd4jDevice DOUBLES = Nd4jEngine.reference(ElementType.DOUBLE);

  private final Random random = new Random(SEED);

  /** Matrices of one array: tokens if it has two axes. */
  private record Matrices(Values values, int heads, int length) {
    Heads on(Nd4jDevice device) {
      Array array = values.on(device);
      return array.rank() == 2 ? Heads.of(array, heads, length) : Heads.of(array);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1", "1,1,5,3", "2,3,1,4", "3,2,7,1", "5,12,50,32", "2,4,17,9", "2,1,70,96"})
  void agreesWithTheReference(int batch, int heads, int length, int width) {
    long[] tokens = {(long) batch * length, (long) heads * width};
    Matrices q = new Matrices(Values.gaussian(random, tokens), heads, length);
    Matrices k = new Matrices(Values.gaussian(random, tokens), heads, length);
    Matrices w = new Matrices(Values.gaussian(random, batch, heads, length, length), 0, 0);
    for (double beta : new double[] {0, 1}) {
      check(q, k, w, new Nd4jKernels.Factors(false, true, 0.7, beta));
      check(w, q, k, new Nd4jKernels.Factors(false, false, 0.7, beta));
      check(w, q, k, new Nd4jKernels.Factors(true, false, 0.7, beta));
    }
  }

  private static void check(Matrices a, Matrices b, Matrices out, Nd4jKernels.Factors factors) {
    Heads expected = out.on(DOUBLES);
    new Nd4jKernels(DOUBLES, new Arena(DOUBLES))
        .product(
            Nd4jArray.of(a.on(DOUBLES)),
            Nd4jArray.of(b.on(DOUBLES)),
            Nd4jArray.of(expected),
            factors);
    Heads actual = out.on(FLOATS);
    INDArray left = Nd4jArray.of(a.on(FLOATS));
    INDArray right = Nd4jArray.of(b.on(FLOATS));
    INDArray product = Nd4jArray.of(actual);
    assertThat(HeadProducts.apply(left, right, product, factors.transA())).isTrue();
    HeadProducts.run(left, right, product, factors);
    Values narrow = Values.of(actual.array());
    Values wide = Values.of(expected.array());
    for (int i = 0; i < wide.flat().length; i++) {
      assertThat(Math.abs(narrow.flat()[i] - wide.flat()[i]))
          .as("seed %s, %s, element %s", SEED, factors, i)
          .isLessThan(1e-5 * product.size(2));
    }
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
