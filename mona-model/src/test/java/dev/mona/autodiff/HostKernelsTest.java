package dev.mona.autodiff;

import static dev.mona.autodiff.DerivativeCheck.gaussian;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Operations in float, where host kernels run, against the same in double, where ND4J does; and on
 * one thread against several.
 */
class HostKernelsTest {
  private static final int[][] SIZES = {{1, 1}, {1, 5}, {9, 1}, {40, 50}, {130, 384}, {3, 5000}};

  private record Case(String name, DerivativeCheck.Recorded function, long[]... shapes) {}

  static Stream<Arguments> cases() {
    List<Case> cases = new ArrayList<>();
    for (int[] size : SIZES) {
      long[] matrix = {size[0], size[1]};
      long[] row = {size[1]};
      cases.add(new Case("gelu", (t, x) -> x.get(0).gelu(), matrix));
      cases.add(new Case("gelu slope", (t, x) -> x.get(0).geluSlope(), matrix));
      cases.add(new Case("normalize", (t, x) -> x.get(0).normalize(1e-2), matrix));
      cases.add(new Case("softmax", (t, x) -> x.get(0).softmax(), matrix));
      cases.add(new Case("add row", (t, x) -> x.get(0).add(x.get(1)), matrix, row));
      cases.add(
          new Case(
              "affine", (t, x) -> x.get(0).affine(x.get(1), x.get(2)), matrix, row, row.clone()));
      int[] rows = {size[0] - 1, -1, 0, size[0] - 1};
      long[] gathered = {4, size[1]};
      cases.add(
          new Case(
              "gather rows",
              (t, x) -> x.get(0).gatherRows(new RowIndex(rows)).multiply(x.get(1)),
              matrix,
              gathered));
      long[] groups = {3L * size[0], size[1]};
      cases.add(new Case("group max", (t, x) -> x.get(0).groupMax(3), groups));
      cases.add(new Case("row range", (t, x) -> x.get(0).rowRange(1, 3), groups));
    }
    long[] fewer = {6 * 7, 3 * 32};
    long[] tokens = {6 * 50, 3 * 32};
    cases.add(
        new Case(
            "attention of fewer queries",
            (t, x) ->
                x.get(0).attentionScores(x.get(1), 3, 7, 0.2).softmax().attentionMix(x.get(2)),
            fewer,
            tokens,
            tokens.clone()));
    cases.add(
        new Case(
            "attention",
            (t, x) ->
                x.get(0).attentionScores(x.get(1), 3, 50, 0.2).softmax().attentionMix(x.get(2)),
            tokens,
            tokens.clone(),
            tokens.clone()));
    return cases.stream()
        .map(c -> Arguments.of(c.name() + " " + List.of(c.shapes()[0][0], c.shapes()[0][1]), c));
  }

  /** The value and the gradient of each input, of the elements weighted at random. */
  private static List<INDArray> results(DataType type, long seed, Case c) {
    Random random = new Random(seed);
    List<INDArray> results = new ArrayList<>();
    try (Tape tape = new Tape(type)) {
      List<Variable> leaves = new ArrayList<>();
      Map<Variable, INDArray> wrt = new HashMap<>();
      for (long[] shape : c.shapes()) {
        leaves.add(tape.leaf(gaussian(random, shape).castTo(type)));
      }
      Variable out = c.function().apply(tape, leaves);
      // strides along a dimension of 1 say nothing, and ND4J's are not always the usual ones
      if (out.shape()[0] > 1 && out.shape()[1] > 1) {
        assertThat(HostBlocks.reach(out.value()))
            .as("host kernels")
            .isEqualTo(type == DataType.FLOAT);
      }
      results.add(out.value().dup());
      for (Variable leaf : leaves) {
        INDArray gradient = Nd4j.zeros(type, leaf.shape());
        wrt.put(leaf, gradient);
        results.add(gradient);
      }
      Variable weights = tape.leaf(gaussian(random, out.shape()).castTo(type));
      tape.backward(out.multiply(weights).sum(), 1, wrt);
    }
    return results;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void agreeWithTheReferenceInDouble(String name, Case c) {
    long seed = name.hashCode();
    List<INDArray> narrow = results(DataType.FLOAT, seed, c);
    List<INDArray> wide = results(DataType.DOUBLE, seed, c);
    for (int i = 0; i < wide.size(); i++) {
      INDArray difference = narrow.get(i).castTo(DataType.DOUBLE).sub(wide.get(i));
      double scale = Math.max(1, wide.get(i).amaxNumber().doubleValue());
      assertThat(difference.amaxNumber().doubleValue() / scale)
          .as("%s, seed %s, result %s", name, seed, i)
          .isLessThan(2e-5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doNotDependOnTheNumberOfThreads(String name, Case c) {
    long seed = name.hashCode();
    Environment environment = Nd4j.getEnvironment();
    int before = environment.maxThreads();
    try {
      environment.setMaxThreads(1);
      List<INDArray> one = results(DataType.FLOAT, seed, c);
      environment.setMaxThreads(3);
      List<INDArray> three = results(DataType.FLOAT, seed, c);
      for (int i = 0; i < one.size(); i++) {
        assertThat(three.get(i).dup().data().asBytes())
            .as("%s, seed %s, result %s", name, seed, i)
            .isEqualTo(one.get(i).dup().data().asBytes());
      }
    } finally {
      environment.setMaxThreads(before);
    }
  }
}
