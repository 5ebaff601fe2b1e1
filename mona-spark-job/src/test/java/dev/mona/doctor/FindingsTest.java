package dev.mona.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mona.compute.Gpu;
import dev.mona.compute.Precision;
import dev.mona.compute.Processor;
import dev.mona.compute.TestDevice;
import dev.mona.doctor.MatrixProduct.Distance;
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
    Distance exact = MatrixProduct.distance(a, b, product, 0);
    assertThat(exact.error()).isZero();
    assertThat(exact.within()).isTrue();
    product[7] = 114;
    assertThat(MatrixProduct.distance(a, b, product, 0).error()).isEqualTo(0.5);
    assertThat(MatrixProduct.distance(a, b, product, 0).within()).isFalse();
    // 227 terms of 0.5 each, factors and result rounded to 8 bits: 0.003 + 3 * 113.5 / 256
    Distance rounded = MatrixProduct.distance(a, b, product, 0x1p-8);
    assertThat(rounded.allowed()).isCloseTo(0.003071 + 1.330078, within(1e-6));
    assertThat(rounded.within()).isTrue();
    product[8] = 115;
    assertThat(MatrixProduct.distance(a, b, product, 0x1p-8).within()).isFalse();
    product[9] = Float.NaN;
    assertThat(MatrixProduct.distance(a, b, product, 0).error()).isNaN();
    assertThat(MatrixProduct.distance(a, b, product, 1).within()).isFalse();
    Distance here = MatrixProduct.distance(TestDevice.floats());
    assertThat(here.error()).isPositive().isLessThan(1e-4);
    assertThat(here.within()).isTrue();
  }

  /** As they follow from the bits of a mantissa, the hidden one among them. */
  @Test
  void factorsAreRounded() {
    assertThat(MatrixProduct.rounding(Precision.FLOAT32)).isZero();
    assertThat(MatrixProduct.rounding(Precision.TF32)).isEqualTo(1 / 2048.0);
    assertThat(MatrixProduct.rounding(Precision.BF16)).isEqualTo(1 / 256.0);
  }

  @Test
  void smallTypesOfProcessors() {
    assertThat(
            Libraries.bf16(
                new Processor(Set.of("fpu", "avx512f", "avx512_bf16", "amx_bf16", "sse2"))))
        .isEqualTo("avx512_bf16, amx_bf16");
    assertThat(Libraries.bf16(new Processor(Set.of("fpu", "avx512f", "avx512_vnni"))))
        .isEqualTo("none");
    assertThat(Libraries.text(new Gpu(1, "H100", 9, 0, 80 * GIB)))
        .isEqualTo("H100, compute capability 9.0, 80.0 GiB, bf16 and tf32");
    assertThat(Libraries.text(new Gpu(0, "T4", 7, 5, 16 * GIB)))
        .isEqualTo("T4, compute capability 7.5, 16.0 GiB, neither bf16 nor tf32");
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
