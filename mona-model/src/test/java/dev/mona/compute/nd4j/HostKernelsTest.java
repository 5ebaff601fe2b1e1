package dev.mona.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.ElementType;
import dev.mona.compute.KernelCases;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** That host kernels run where they should, and on any number of threads with the same result. */
class HostKernelsTest {
  private static final Device HOST = new Nd4jDevice(null, ElementType.FLOAT, KernelChoice.HOST);
  private static final Device REFERENCE = Nd4jEngine.reference(ElementType.FLOAT);

  /** The primitives that have no host kernel of several blocks. */
  private static final Set<String> REFERENCE_ONLY =
      Set.of(
          "map EXP",
          "map LOG",
          "map SIGMOID",
          "map SOFTPLUS",
          "chain EXP",
          "chain LOG",
          "chain SIGMOID",
          "chain SOFTPLUS",
          "chain NORMAL_DENSITY",
          "chain apart EXP",
          "chain apart SOFTPLUS",
          "bend EXP",
          "bend EXP added",
          "bend SIGMOID",
          "bend SIGMOID added",
          "multiply to a target",
          "multiply to a target by row",
          "multiply to a target added by row",
          "log softmax back apart",
          "power -1.0",
          "power 0.5",
          "power 3.0",
          "power in place",
          "sum last",
          "softmax",
          "log softmax",
          "log softmax back",
          "rows");

  static Stream<KernelCases.Case> cases() {
    return KernelCases.large();
  }

  private static List<float[]> results(Device device, int threads, KernelCases.Case c) {
    Environment environment = Nd4j.getEnvironment();
    int before = environment.maxThreads();
    List<Array> arrays = c.arrays().stream().map(values -> values.on(device)).toList();
    try (Arena arena = new Arena(device)) {
      environment.setMaxThreads(threads);
      c.call().apply(arena.kernels(), arrays.toArray(Array[]::new));
      return arrays.stream().map(Array::toFloats).toList();
    } finally {
      environment.setMaxThreads(before);
      arrays.forEach(Array::close);
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
  private static long asked(Device device, KernelCases.Case c) {
    long before = asked();
    results(device, 2, c);
    return asked() - before - HostThreads.HELPERS.getMaximumPoolSize();
  }

  private static boolean twoThreads() {
    Environment environment = Nd4j.getEnvironment();
    int before = environment.maxThreads();
    try {
      environment.setMaxThreads(2);
      return environment.maxThreads() == 2;
    } finally {
      environment.setMaxThreads(before);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void runWhereTheyWereChosen(KernelCases.Case c) {
    assumeTrue(twoThreads(), "ND4J takes no second thread here: is OMP_NUM_THREADS 1?");
    assertThat(asked(HOST, c) > 0).as(c.name()).isNotEqualTo(REFERENCE_ONLY.contains(c.name()));
    assertThat(asked(REFERENCE, c)).as(c.name()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void doNotDependOnTheNumberOfThreads(KernelCases.Case c) {
    List<float[]> one = results(HOST, 1, c);
    List<float[]> three = results(HOST, 3, c);
    for (int i = 0; i < one.size(); i++) {
      assertThat(Arrays.equals(three.get(i), one.get(i))).as("%s, array %s", c, i).isTrue();
    }
  }

  /** One pass each where the reference needs several calls. */
  @Test
  void areFewerCalls() {
    KernelCases.Case normalize =
        cases().filter(c -> c.name().equals("normalize")).findFirst().orElseThrow();
    assertThat(calls(HOST, normalize)).isOne();
    assertThat(calls(REFERENCE, normalize)).isGreaterThan(5);
  }

  private static long calls(Device device, KernelCases.Case c) {
    List<Array> arrays = c.arrays().stream().map(values -> values.on(device)).toList();
    try (Arena arena = new Arena(device)) {
      long before = device.calls();
      c.call().apply(arena.kernels(), arrays.toArray(Array[]::new));
      return device.calls() - before;
    } finally {
      arrays.forEach(Array::close);
    }
  }
}
