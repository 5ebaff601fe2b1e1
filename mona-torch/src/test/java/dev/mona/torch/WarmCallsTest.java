package dev.mona.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mona.compute.AdamStep;
import dev.mona.compute.Arena;
import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.DeviceSpec;
import dev.mona.compute.ElementType;
import dev.mona.compute.Engines;
import dev.mona.compute.Function;
import dev.mona.compute.Kernels;
import dev.mona.compute.RowIndex;
import dev.mona.compute.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** A warm call writes where it is told to: no other memory of the size of an array is touched. */
class WarmCallsTest {
  private static final int ROWS = 2048;
  private static final int COLUMNS = 1024;
  private static final int REPEATS = 10;

  /** Fresh memory of an array of 8 MiB, in large pages at best, touched as often. */
  private static final long FRESH_PAGES = 4L * REPEATS;

  /** For each libtorch call: what it returns, and what is looked up. */
  private static final long HEAP_PER_CALL = 2000;

  private final Device device = Engines.named("torch").open(DeviceSpec.of(ElementType.FLOAT));

  /** Pages that this thread has touched for the first time. */
  private static long pages() {
    try {
      String line = Files.readString(Path.of("/proc/thread-self/stat"));
      // the tenth field; the second is a name in brackets
      return Long.parseLong(line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[7]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long pages(Runnable call) {
    for (int i = 0; i < 3; i++) {
      call.run();
    }
    long before = pages();
    for (int i = 0; i < REPEATS; i++) {
      call.run();
    }
    return pages() - before;
  }

  @Test
  void touchesNoFreshMemory() {
    assumeTrue(
        System.getenv("MALLOC_MMAP_THRESHOLD_") != null,
        "allocations are seen where malloc gives large ones back at once");
    device.bind(1);
    try (Arena arena = new Arena(device);
        Array x = device.zeros(ROWS, COLUMNS);
        Array y = device.zeros(ROWS, COLUMNS)) {
      Tensor tensor = TorchArray.of(x).tensor();
      assertThat(pages(() -> torch.mul(tensor, tensor).close()))
          .as("a call that allocates is seen")
          .isGreaterThan(FRESH_PAGES);
      device.vectors().fill(x, 0.5);
      calls(arena.kernels(), x, y)
          .forEach(
              (name, call) ->
                  assertThat(pages(call))
                      .as("pages touched by " + name)
                      .isLessThan(FRESH_PAGES / 2));
    }
  }

  @Test
  void leavesLittleOnTheHeap() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = new Arena(device);
        Array x = device.zeros(16, 8);
        Array y = device.zeros(16, 8)) {
      device.vectors().fill(x, 0.5);
      for (Map.Entry<String, Runnable> entry : calls(arena.kernels(), x, y).entrySet()) {
        Runnable call = entry.getValue();
        IntStream.range(0, 20).forEach(i -> call.run());
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long calls = device.calls();
        IntStream.range(0, REPEATS).forEach(i -> call.run());
        long each = (threads.getCurrentThreadAllocatedBytes() - bytes) / (device.calls() - calls);
        assertThat(each)
            .as("bytes of the heap for a call of " + entry.getKey())
            .isLessThan(HEAP_PER_CALL);
      }
    }
  }

  private Map<String, Runnable> calls(Kernels kernels, Array x, Array y) {
    int rows = Math.toIntExact(x.size(0));
    Array column = device.zeros(rows, 1);
    Array row = device.zeros(x.size(1));
    Array half = device.zeros(rows / 2, x.size(1));
    Array m = device.zeros(x.shape());
    Array v = device.zeros(x.shape());
    RowIndex reverse = new RowIndex(IntStream.range(0, rows).map(i -> rows - 1 - i).toArray());
    RowIndex pairs = new RowIndex(IntStream.range(0, rows).map(i -> i / 2).toArray());
    AdamStep step = new AdamStep(new AdamStep.Rule(0.9, 0.999, 1e-8, 0.01), 1e-3, 3);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("fill", () -> kernels.fill(y, 1));
    calls.put("copy", () -> kernels.copy(x, y));
    calls.put("add", () -> kernels.add(x, x, y));
    calls.put("add a row", () -> kernels.add(x, row, y));
    calls.put("multiply by a column", () -> kernels.multiply(x, column, y));
    calls.put("scale", () -> kernels.scale(x, 0.3, y));
    calls.put("shift", () -> kernels.shift(x, 0.3, y));
    calls.put("axpy", () -> kernels.axpy(0.3, x, y));
    calls.put("power", () -> kernels.power(x, 1.5, y));
    calls.put("adam", () -> kernels.adam(x, y, m, v, step));
    calls.put("dot", () -> kernels.dot(x, y));
    for (Function f : Function.values()) {
      calls.put(f + "", () -> kernels.map(f, x, y));
      calls.put("chain of " + f, () -> kernels.chain(f, x, x, y));
    }
    calls.put("permute", () -> kernels.permute(x, new int[] {1, 0}, y.reshape(x.size(1), rows)));
    calls.put("sumLast", () -> kernels.sumLast(x, column));
    calls.put("sumRows", () -> kernels.sumRows(x, new Target(row, true)));
    calls.put("softmax", () -> kernels.softmax(x, y));
    calls.put("softmaxBack", () -> kernels.softmaxBack(x, y));
    calls.put("logSoftmax", () -> kernels.logSoftmax(x, y));
    calls.put("logSoftmaxBack", () -> kernels.logSoftmaxBack(x, x, y));
    calls.put("normalize", () -> kernels.normalize(x, 1e-5, y, column));
    calls.put("normalizeBack", () -> kernels.normalizeBack(x, column, y));
    calls.put("affine", () -> kernels.affine(x, row, row, y));
    calls.put(
        "affineBack",
        () -> kernels.affineBack(x, row, y, new Target(row, true), new Target(row, false)));
    calls.put("gather", () -> kernels.gather(x, reverse, y));
    calls.put("gatherAdd", () -> kernels.gatherAdd(x, reverse, new Target(y, true)));
    calls.put("gatherAdd of pairs", () -> kernels.gatherAdd(x, pairs, new Target(half, false)));
    calls.put("groupChoose", () -> kernels.groupChoose(x, 2, half));
    calls.put("groupPick", () -> kernels.groupPick(x, 2, half, half));
    calls.put("groupAdd", () -> kernels.groupAdd(half, 2, half, y));
    return calls;
  }
}
