package dev.mona.autodiff;

import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.RowIndex;
import dev.mona.compute.TestDevice;
import dev.mona.compute.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation over odd sizes: in double against finite differences, in float against double.
 */
class OperationTest {
  private static final int[] SIZES = {1, 3, 4, 7, 17, 33};

  private record Case(String name, DerivativeCheck.Recorded function, long[]... shapes) {}

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private static List<Case> cases(int n) {
    int rows = Math.min(n, 5);
    List<Case> cases = new ArrayList<>();
    long[] matrix = shape(rows, n);
    cases.add(new Case("add", (t, x) -> x.get(0).add(x.get(1)), matrix, matrix));
    cases.add(new Case("add row", (t, x) -> x.get(0).add(x.get(1)), matrix, shape(n)));
    cases.add(new Case("add column", (t, x) -> x.get(0).add(x.get(1)), matrix, shape(rows, 1)));
    cases.add(new Case("add leading", (t, x) -> x.get(0).add(x.get(1)), shape(2, rows, n), matrix));
    cases.add(new Case("subtract", (t, x) -> x.get(0).subtract(x.get(1)), matrix, matrix));
    cases.add(new Case("subtract row", (t, x) -> x.get(0).subtract(x.get(1)), matrix, shape(n)));
    cases.add(
        new Case("subtract column", (t, x) -> x.get(0).subtract(x.get(1)), matrix, shape(rows, 1)));
    cases.add(new Case("multiply", (t, x) -> x.get(0).multiply(x.get(1)), matrix, matrix));
    cases.add(new Case("multiply row", (t, x) -> x.get(0).multiply(x.get(1)), matrix, shape(n)));
    cases.add(
        new Case("multiply column", (t, x) -> x.get(0).multiply(x.get(1)), matrix, shape(rows, 1)));
    cases.add(new Case("square", (t, x) -> x.get(0).multiply(x.get(0)), matrix));
    cases.add(new Case("scale", (t, x) -> x.get(0).scale(-1.7), matrix));
    cases.add(new Case("shift", (t, x) -> x.get(0).shift(0.3).multiply(x.get(0)), matrix));
    cases.add(
        new Case(
            "power",
            (t, x) -> x.get(0).multiply(x.get(0)).shift(0.5).power(-0.5).multiply(x.get(0)),
            matrix));
    cases.add(new Case("exp", (t, x) -> x.get(0).scale(0.5).exp(), matrix));
    cases.add(new Case("log", (t, x) -> x.get(0).multiply(x.get(0)).shift(0.5).log(), matrix));
    cases.add(new Case("gelu", (t, x) -> x.get(0).gelu(), matrix));
    cases.add(new Case("normal", (t, x) -> x.get(0).normalDistribution(), matrix));
    long[] tokens = shape(2L * rows, 3L * n);
    cases.add(
        new Case(
            "attention scores",
            (t, x) -> x.get(0).attentionScores(x.get(1), 3, rows, 0.7),
            tokens,
            tokens));
    cases.add(
        new Case(
            "attention scores of one input",
            (t, x) -> x.get(0).attentionScores(x.get(0), n, rows, -1.3),
            tokens));
    cases.add(
        new Case(
            "attention mix",
            (t, x) -> x.get(0).attentionMix(x.get(1)),
            shape(2, n, rows, rows),
            tokens));
    cases.add(
        new Case(
            "attention of one input",
            (t, x) ->
                x.get(0).attentionScores(x.get(0), 3, rows, 0.1).softmax().attentionMix(x.get(0)),
            tokens));
    long[] fewer = shape(2, 3L * n);
    cases.add(
        new Case(
            "attention of fewer queries than keys",
            (t, x) ->
                x.get(0).attentionScores(x.get(1), 3, 1, 0.7).softmax().attentionMix(x.get(1)),
            fewer,
            tokens));
    cases.add(
        new Case(
            "gathered rows, one twice, one left out, zeros",
            (t, x) -> x.get(0).gatherRows(new RowIndex(new int[] {2, -1, 0, 2})).multiply(x.get(1)),
            shape(3, n),
            shape(4, n)));
    cases.add(
        new Case(
            "a range of rows",
            (t, x) -> x.get(0).rowRange(1, 3).multiply(x.get(0).rowRange(0, 2)),
            shape(3, n)));
    cases.add(
        new Case(
            "largest of each three rows",
            (t, x) -> x.get(0).groupMax(3).multiply(x.get(1)),
            shape(6, n),
            shape(2, n)));
    cases.add(new Case("softplus", (t, x) -> x.get(0).softplus(), matrix));
    cases.add(new Case("sigmoid", (t, x) -> x.get(0).sigmoid(), matrix));
    for (boolean a : new boolean[] {false, true}) {
      for (boolean b : new boolean[] {false, true}) {
        cases.add(
            new Case(
                "matmul " + a + " " + b,
                (t, x) -> x.get(0).matmul(x.get(1), a, b),
                a ? shape(n, rows) : shape(rows, n),
                b ? shape(3, n) : shape(n, 3)));
        cases.add(
            new Case(
                "batched matmul " + a + " " + b,
                (t, x) -> x.get(0).matmul(x.get(1), a, b),
                a ? shape(2, 2, n, rows) : shape(2, 2, rows, n),
                b ? shape(2, 2, 3, n) : shape(2, 2, n, 3)));
      }
    }
    cases.add(
        new Case(
            "linear",
            (t, x) -> x.get(0).linear(x.get(1), x.get(2)),
            shape(rows, n),
            shape(3, n),
            shape(3)));
    cases.add(
        new Case(
            "affine", (t, x) -> x.get(0).affine(x.get(1), x.get(2)), matrix, shape(n), shape(n)));
    cases.add(
        new Case(
            "affine of one row", (t, x) -> x.get(0).affine(x.get(1), x.get(1)), matrix, shape(n)));
    cases.add(new Case("softmax", (t, x) -> x.get(0).softmax(), matrix));
    cases.add(new Case("softmax of 3 axes", (t, x) -> x.get(0).softmax(), shape(2, rows, n)));
    cases.add(new Case("log softmax", (t, x) -> x.get(0).logSoftmax(), matrix));
    cases.add(new Case("normalize", (t, x) -> x.get(0).normalize(1e-2), matrix));
    cases.add(
        new Case("sum last", (t, x) -> x.get(0).sumLast().multiply(x.get(0).sumLast()), matrix));
    cases.add(new Case("mean last", (t, x) -> x.get(0).meanLast().exp(), matrix));
    cases.add(new Case("sum", (t, x) -> x.get(0).multiply(x.get(0)).sum(), matrix));
    cases.add(new Case("reshape", (t, x) -> x.get(0).reshape(n, rows).exp(), matrix));
    cases.add(
        new Case(
            "permute", (t, x) -> x.get(0).permute(0, 2, 1, 3).sigmoid(), shape(2, rows, 3, n)));
    cases.add(
        new Case(
            "one value used twice",
            (t, x) -> x.get(0).add(x.get(0).reshape(rows, n)).multiply(x.get(0).gelu()),
            matrix));
    return cases;
  }

  static Stream<Arguments> everyOperation() {
    Stream.Builder<Arguments> arguments = Stream.builder();
    List<Device> devices = TestDevice.all().toList();
    for (int n : SIZES) {
      for (Case c : cases(n)) {
        for (Device device : devices) {
          arguments.add(Arguments.of(c.name() + ", size " + n, device, c));
        }
      }
    }
    return arguments.build();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyOperation")
  void derivativesAreRight(String name, Device device, Case c) {
    long seed = name.hashCode();
    Random random = new Random(seed);
    Values[] at = new Values[c.shapes().length];
    for (int i = 0; i < at.length; i++) {
      at[i] = Values.gaussian(random, c.shapes()[i]);
    }
    if (device.type() == ElementType.DOUBLE) {
      DerivativeCheck.check(device, name, seed, 1e-6, c.function(), at);
    } else {
      DerivativeCheck.agree(device, name, seed, c.function(), at);
    }
  }
}
