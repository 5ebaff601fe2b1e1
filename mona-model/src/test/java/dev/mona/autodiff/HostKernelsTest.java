package dev.mona.autodiff;

import static dev.mona.autodiff.DerivativeCheck.gaussian;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.IntStream;
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
 * one thread against several. An array of one row or column may have strides that no kernel takes:
 * then ND4J does both.
 */
class HostKernelsTest {
  private static final int[][] SIZES = {{1, 1}, {1, 5}, {9, 1}, {40, 50}, {130, 384}, {3, 5000}};

  /** Of this size each kernel has at least two blocks. */
  private static final int[] LARGE = {130, 384};

  /**
   * Operations on leaves of random values.
   *
   * @param kernels that run at least, forward and backward together
   */
  private record Case(
      String name, int kernels, DerivativeCheck.Recorded function, long[]... shapes) {}

  static Stream<Arguments> cases() {
    List<Case> cases = new ArrayList<>(attention());
    for (int[] size : SIZES) {
      cases.addAll(rows(size));
      cases.add(new Case("row range", 0, (t, x) -> x.get(0).rowRange(1, 3), tripled(size)));
    }
    return named(cases);
  }

  static Stream<Arguments> largeCases() {
    List<Case> cases = new ArrayList<>(attention());
    cases.addAll(rows(LARGE));
    return named(cases);
  }

  private static Stream<Arguments> named(List<Case> cases) {
    return cases.stream()
        .map(c -> Arguments.of(c.name() + " " + List.of(c.shapes()[0][0], c.shapes()[0][1]), c));
  }

  private static long[] tripled(int[] size) {
    return new long[] {3L * size[0], size[1]};
  }

  private static List<Case> rows(int[] size) {
    long[] matrix = {size[0], size[1]};
    long[] row = {size[1]};
    int last = size[0] - 1;
    int[] gathered =
        IntStream.range(0, 3 * size[0]).map(i -> i % 4 == 1 ? -1 : last - i / 3).toArray();
    return List.of(
        new Case("gelu", 2, (t, x) -> x.get(0).gelu(), matrix),
        new Case("gelu slope", 2, (t, x) -> x.get(0).geluSlope(), matrix),
        new Case("normalize", 2, (t, x) -> x.get(0).normalize(1e-2), matrix),
        // forward it is ND4J's
        new Case("softmax", 1, (t, x) -> x.get(0).softmax(), matrix),
        new Case("add row", 1, (t, x) -> x.get(0).add(x.get(1)), matrix, row),
        new Case(
            "affine", 2, (t, x) -> x.get(0).affine(x.get(1), x.get(2)), matrix, row, row.clone()),
        new Case(
            "gather rows",
            2,
            (t, x) -> x.get(0).gatherRows(new RowIndex(gathered)).multiply(x.get(1)),
            matrix,
            tripled(size)),
        new Case("group max", 3, (t, x) -> x.get(0).groupMax(3), tripled(size)));
  }

  /** Two products forward and four backward, and the softmax between them. */
  private static List<Case> attention() {
    long[] queries = {6 * 7, 3 * 32};
    long[] tokens = {6 * 50, 3 * 32};
    return List.of(
        new Case(
            "attention of fewer queries",
            7,
            (t, x) ->
                x.get(0).attentionScores(x.get(1), 3, 7, 0.2).softmax().attentionMix(x.get(2)),
            queries,
            tokens,
            tokens.clone()),
        new Case(
            "attention",
            7,
            (t, x) ->
                x.get(0).attentionScores(x.get(1), 3, 50, 0.2).softmax().attentionMix(x.get(2)),
            tokens,
            tokens.clone(),
            tokens.clone()));
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

  private static List<INDArray> results(int threads, DataType type, long seed, Case c) {
    Environment environment = Nd4j.getEnvironment();
    int before = environment.maxThreads();
    try {
      environment.setMaxThreads(threads);
      return results(type, seed, c);
    } finally {
      environment.setMaxThreads(before);
    }
  }

  /**
   * How often a helper was asked to take blocks of a kernel. All helpers are held at a barrier
   * meanwhile: on the way from the queue to its work, one is in no count.
   */
  private static long asked() {
    ThreadPoolExecutor helpers = HostThreads.HELPERS;
    int all = helpers.getMaximumPoolSize();
    CyclicBarrier barrier = new CyclicBarrier(all + 1);
    for (int i = 0; i < all; i++) {
      helpers.execute(
          () -> {
            await(barrier);
            await(barrier);
          });
    }
    await(barrier);
    long count = helpers.getTaskCount();
    await(barrier);
    return count;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With two threads there is one helper for each kernel of at least two blocks. */
  private static long asked(DataType type, long seed, Case c) {
    long before = asked();
    results(2, type, seed, c);
    return asked() - before - HostThreads.HELPERS.getMaximumPoolSize();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeCases")
  void runInFloatOnly(String name, Case c) {
    long seed = name.hashCode();
    assertThat(asked(DataType.FLOAT, seed, c))
        .as("%s, seed %s", name, seed)
        .isGreaterThanOrEqualTo(c.kernels());
    assertThat(asked(DataType.DOUBLE, seed, c)).as("%s, seed %s", name, seed).isZero();
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
    List<INDArray> one = results(1, DataType.FLOAT, seed, c);
    List<INDArray> three = results(3, DataType.FLOAT, seed, c);
    for (int i = 0; i < one.size(); i++) {
      assertThat(three.get(i).dup().data().asBytes())
          .as("%s, seed %s, result %s", name, seed, i)
          .isEqualTo(one.get(i).dup().data().asBytes());
    }
  }
}
