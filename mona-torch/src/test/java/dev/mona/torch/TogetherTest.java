package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Target;
import dev.mona.compute.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libtorch and ND4J in one process, which loads one OpenBLAS and one OpenMP for both. */
class TogetherTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 8;

  private static Device device(String engine, ElementType type) {
    return Engines.named(engine).open(DeviceSpec.of(type));
  }

  /** A product, a softmax and a normalisation. */
  private static Values compute(Device device) {
    device.bind(1);
    try (Arena arena = new Arena(device);
        Array a = Values.gaussian(new Random(5), 130, 70).on(device);
        Array b = Values.gaussian(new Random(6), 70, 90).on(device);
        Array product = device.allocate(130, 90);
        Array out = device.allocate(130, 90);
        Array inverse = device.allocate(130, 1)) {
      arena.kernels().matmul(a, b, new Target(product, false), false, false);
      arena.kernels().softmax(product, out);
      arena.kernels().normalize(out, 1e-5, product, inverse);
      return Values.of(product);
    }
  }

  @Test
  void threadsComputeWithBothAtOnce() throws InterruptedException, ExecutionException {
    List<Device> devices =
        List.of(
            device("torch", ElementType.FLOAT),
            device("nd4j", ElementType.FLOAT),
            device("torch", ElementType.DOUBLE),
            device("nd4j", ElementType.DOUBLE));
    List<Values> expected = devices.stream().map(TogetherTest::compute).toList();
    assertThat(expected.get(0).distance(expected.get(1))).isLessThan(1e-3);
    assertThat(expected.get(2).distance(expected.get(3))).isLessThan(1e-9);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Values>> results = new ArrayList<>();
      for (int i = 0; i < THREADS * ROUNDS; i++) {
        Device device = devices.get(i % devices.size());
        results.add(threads.submit(() -> compute(device)));
      }
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get().flat())
            .as("round %s", i)
            .containsExactly(expected.get(i % devices.size()).flat());
      }
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** What a process of its own does: the engines in the order of the arguments. */
  static final class InOrder {
    private InOrder() {}

    public static void main(String[] engines) {
      Values first = compute(device(engines[0], ElementType.DOUBLE));
      Values second = compute(device(engines[1], ElementType.DOUBLE));
      // what ND4J's threads do at the end of a process is not asked here
      Runtime.getRuntime().halt(first.distance(second) < 1e-9 ? 0 : 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nd4j torch", "torch nd4j"})
  void eitherMayLoadFirst(String order) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx512m", "-Dorg.bytedeco.javacpp.logger=slf4j", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), InOrder.class.getName()));
    command.addAll(List.of(order.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
