package dev.mona.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuTest {
  private static Gpu gpu(int major, int minor) {
    return new Gpu(1, "Some GPU", major, minor, 16L << 30);
  }

  @ParameterizedTest
  @CsvSource({"3,7", "5,0", "5,2", "5,3", "6,0", "6,1", "6,2", "7,0", "7,2", "7,5"})
  @CsvSource({"8,0", "8,6", "8,7", "8,9"})
  void keplerK80ToAdaRun(int major, int minor) {
    assertThat(gpu(major, minor).supported()).isTrue();
  }

  /** Kepler before the K80, and Hopper, Blackwell and what comes after them. */
  @ParameterizedTest
  @CsvSource({"3,0", "3,5", "9,0", "10,0", "12,0", "2,1"})
  void othersDoNot(int major, int minor) {
    assertThat(gpu(major, minor).supported()).isFalse();
  }

  @Test
  void refusalSaysWhatAndWhatToDo() {
    assertThat(gpu(9, 0).refusal())
        .startsWith("GPU 1 (Some GPU) has compute capability 9.0, for which the CUDA backend")
        .endsWith("use a GPU of 3.7 to 8.9 (Kepler K80 to Ada) or a jar with the CPU backend");
  }
}
