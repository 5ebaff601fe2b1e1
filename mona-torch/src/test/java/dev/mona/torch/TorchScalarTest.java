package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Scalar;
import dev.mona.compute.Vectors;
import org.junit.jupiter.api.Test;

class TorchScalarTest {
  private static final Device FLOATS =
      Engines.named("torch").open(DeviceSpec.of(ElementType.FLOAT));
  private static final Vectors VECTORS = FLOATS.vectors();

  @Test
  void numbersOfTheDeviceAreFetchedTogether() {
    try (Array x = FLOATS.of(new float[] {3, 4}, 2);
        Array out = FLOATS.allocate(2)) {
      long waits = FLOATS.waits();
      Scalar square = VECTORS.dot(x, x);
      Scalar root = VECTORS.root(square);
      Scalar ratio = VECTORS.ratio(square, VECTORS.times(root, 2));
      Scalar sum = VECTORS.sum(VECTORS.product(root, Scalar.of(3)), x.scalar());
      VECTORS.scale(x, ratio, out);
      assertThat(FLOATS.waits()).as("nothing was asked for").isEqualTo(waits);
      assertThat(VECTORS.values(square, root, Scalar.of(7), ratio, sum))
          .containsExactly(25, 5, 7, 2.5, 18);
      assertThat(FLOATS.waits()).isEqualTo(waits + 1);
      assertThat(root.value()).isEqualTo(5);
      assertThat(FLOATS.waits()).as("known by now").isEqualTo(waits + 1);
      assertThat(out.toFloats()).containsExactly(7.5f, 10);
    }
  }

  @Test
  void aRatioToZeroIsZero() {
    try (Array zeros = FLOATS.zeros(3);
        Array ones = FLOATS.of(new float[] {1, 1, 1}, 3)) {
      Scalar none = VECTORS.dot(zeros, zeros);
      Scalar three = VECTORS.dot(ones, ones);
      assertThat(VECTORS.ratio(three, none).value()).isZero();
      assertThat(VECTORS.ratio(Scalar.of(2), Scalar.of(0)).value()).isZero();
      assertThat(VECTORS.ratio(three, Scalar.of(2)).value()).isEqualTo(1.5);
    }
  }

  @Test
  void aFirstElementKeepsItsPrecision() {
    Device doubles = Engines.named("torch").open(DeviceSpec.of(ElementType.DOUBLE));
    try (Array third = doubles.of(new float[] {1, 5}, 2)) {
      doubles.vectors().scale(third, 1.0 / 3, third);
      assertThat(third.scalar().value()).isEqualTo(1.0 / 3);
    }
  }
}
