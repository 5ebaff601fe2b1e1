package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong, from facts that are given. */
class FindingsTest {
  private static final long GIB = 1L << 30;

  private static List<String> sentences(Chart chart) {
    return chart.findings().stream().map(Finding::sentence).toList();
  }

  private static List<String> memory(Memory memory) {
    Chart chart = new Chart();
    memory.examine(chart);
    return sentences(chart);
  }

  @Test
  void memoryThatFits() {
    assertThat(memory(new Memory(2 * GIB, 4 * GIB, 0, 8 * GIB, 16 * GIB))).isEmpty();
    assertThat(memory(new Memory(2 * GIB, null, 0, null, 16 * GIB))).isEmpty();
  }

  @Test
  void heapAndArraysBeyondTheContainer() {
    assertThat(memory(new Memory(4 * GIB, 4 * GIB, 0, 8 * GIB, 16 * GIB)))
        .singleElement()
        .asString()
        .startsWith(
            "heap 4.0 GiB, arrays 4.0 GiB and 512 MiB for the rest exceed the 8.0 GiB of the container");
    assertThat(memory(new Memory(12 * GIB, 4 * GIB, 0, null, 16 * GIB)))
        .singleElement()
        .asString()
        .contains("exceed the 16.0 GiB of the machine");
  }

  @Test
  void containerWithoutLimitOfArrays() {
    assertThat(memory(new Memory(2 * GIB, null, 0, 8 * GIB, 16 * GIB)))
        .singleElement()
        .asString()
        .contains("have no limit and the container has one of 8.0 GiB");
  }

  @Test
  void limitOfTheProcessBelowItsHeap() {
    assertThat(memory(new Memory(4 * GIB, 1 * GIB, 2 * GIB, null, 16 * GIB)))
        .singleElement()
        .asString()
        .contains("maxphysicalbytes is 2.0 GiB and counts the heap of 4.0 GiB too");
  }

  @Test
  void threadsThatSpin() {
    Chart chart = new Chart();
    Threads.examine(chart, Map.of("OMP_WAIT_POLICY", "active", "OMP_NUM_THREADS", "2"));
    assertThat(sentences(chart)).singleElement().asString().startsWith("OMP_WAIT_POLICY is active");
    Chart well = new Chart();
    Threads.examine(well, Map.of("OMP_WAIT_POLICY", "passive", "OMP_NUM_THREADS", "2"));
    assertThat(well.findings()).isEmpty();
    Chart unset = new Chart();
    Threads.examine(unset, Map.of("OMP_WAIT_POLICY", "PASSIVE"));
    assertThat(sentences(unset)).singleElement().asString().startsWith("OMP_NUM_THREADS is unset");
  }

  @Test
  void allocatorThatKeepsFreedArrays() {
    Chart chart = new Chart();
    Allocator.examine(chart, Map.of());
    assertThat(sentences(chart))
        .singleElement()
        .asString()
        .startsWith("MALLOC_MMAP_THRESHOLD_ is unset");
    Chart well = new Chart();
    Allocator.examine(well, Map.of("MALLOC_MMAP_THRESHOLD_", "1048576"));
    Allocator.examine(well, Map.of("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=1048576"));
    assertThat(well.findings()).isEmpty();
  }

  /** A named module has none of the packages that are opened to classes on the class path. */
  @Test
  void closedPackagesAreFound() {
    assertThat(JvmOpens.missing(FindingsTest.class.getModule())).isEmpty();
    Module other = ModuleLayer.boot().findModule("java.xml").orElseThrow();
    assertThat(JvmOpens.missing(other)).contains("java.base/java.nio", "java.base/sun.nio.ch");
  }

  @Test
  void productsAreCompared() {
    int n = 193 * 227;
    float[] a = new float[n];
    float[] b = new float[227 * 161];
    Arrays.fill(a, 1);
    Arrays.fill(b, 0.5f);
    float[] product = new float[193 * 161];
    Arrays.fill(product, 113.5f);
    assertThat(MatrixProduct.largestError(a, b, product)).isZero();
    product[7] = 114;
    assertThat(MatrixProduct.largestError(a, b, product)).isEqualTo(0.5);
    product[9] = Float.NaN;
    assertThat(MatrixProduct.largestError(a, b, product)).isNaN();
    assertThat(MatrixProduct.largestError()).isPositive().isLessThan(1e-4);
  }

  /** Spark makes it. */
  @Test
  void aFolderThatIsYetToBeMadeHasTheSpaceOfItsDisk(@TempDir Path folder) throws IOException {
    Chart chart = new Chart();
    Disks.examine(chart, Set.of(folder + "/not/yet/made"));
    assertThat(chart.diagnosis("x").healthy()).isTrue();
    assertThat(chart.diagnosis("x").facts().get("disk"))
        .containsOnlyKeys(folder + "/not/yet/made")
        .doesNotContainValue("0 MiB free");
  }

  @Test
  void diskThatIsNotThere() throws IOException {
    Chart chart = new Chart();
    Disks.examine(chart);
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    assertThat(Files.isWritable(temporary)).isTrue();
    assertThat(chart.diagnosis("x").facts().get("disk")).containsKey(temporary.toString());
  }
}
