package dev.mona.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mona.compute.Array;
import dev.mona.compute.Device;
import dev.mona.compute.TestDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shipped launchers' {@code MALLOC_MMAP_THRESHOLD_} is for: the C library gives the memory
 * of closed arrays back, also where small arrays made meanwhile live on. Each case runs in a
 * process of its own.
 */
class FreedMemoryTest {
  private static final String THRESHOLD = "MALLOC_MMAP_THRESHOLD_";
  private static final int ARRAYS = 64;
  private static final int LARGE = 1 << 20;
  private static final int SMALL = 1 << 8;

  /** All large arrays, in kilobytes. */
  private static final long ALL = ARRAYS * 4L * LARGE / 1024;

  @Test
  void closedArraysGoBackToTheSystem(@TempDir Path folder)
      throws IOException, InterruptedException {
    ResidentMemory.assumeKnown();
    long kept = grown(folder.resolve("shipped"), "1048576");
    assertThat(kept).as("kB more than before").isLessThan(ALL / 8);
    // 32 MB, which the C library's default grows to: the arrays are below it
    assertThat(grown(folder.resolve("default"), "33554432")).isGreaterThan(ALL / 2);
  }

  private static long grown(Path folder, String threshold)
      throws IOException, InterruptedException {
    Map<String, String> variables = Map.of(THRESHOLD, threshold);
    return Long.parseLong(FixedHeapProcess.run(FreedMemoryTest.class, folder, variables).get(0));
  }

  /**
   * Makes large and small arrays in turn, closes the large ones, and writes by how many kilobytes
   * the process has grown.
   */
  public static void main(String[] args) throws IOException {
    Device device = TestDevice.floats();
    device.zeros(SMALL).close();
    long before = ResidentMemory.kilobytes();
    List<Array> large = new ArrayList<>();
    List<Array> small = new ArrayList<>();
    for (int i = 0; i < ARRAYS; i++) {
      large.add(device.zeros(LARGE));
      small.add(device.zeros(SMALL));
    }
    large.forEach(Array::close);
    long after = ResidentMemory.kilobytes();
    if (small.stream().anyMatch(array -> array.toFloats()[0] != 0)) {
      throw new IllegalStateException("the small arrays must live on");
    }
    Files.writeString(Path.of(args[0]), String.valueOf(after - before));
  }
}
