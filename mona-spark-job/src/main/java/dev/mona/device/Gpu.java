package dev.mona.device;

import java.util.List;
import java.util.Locale;

/**
 * A CUDA device.
 *
 * @param index its number in this process
 * @param name name of the model
 * @param major compute capability before the point
 * @param minor compute capability after the point
 * @param memory bytes of its memory
 */
public record Gpu(int index, String name, int major, int minor, long memory) {

  /**
   * Compute capabilities that nd4j-cuda-11.6 1.0.0-M2.1 has machine code for. It holds no PTX, so
   * that nothing is compiled for other devices when it is loaded.
   */
  private static final List<int[]> MACHINE_CODE =
      List.of(
          new int[] {3, 7},
          new int[] {5, 0},
          new int[] {5, 2},
          new int[] {6, 0},
          new int[] {6, 1},
          new int[] {7, 0},
          new int[] {7, 5},
          new int[] {8, 0},
          new int[] {8, 6});

  /** {@code major.minor}. */
  public String computeCapability() {
    return major + "." + minor;
  }

  /** Machine code runs on devices of the same major and the same or a higher minor version. */
  public boolean supported() {
    return MACHINE_CODE.stream().anyMatch(code -> code[0] == major && code[1] <= minor);
  }

  /** Why an unsupported device cannot run, and what can. */
  public String refusal() {
    return String.format(
        Locale.ROOT,
        "GPU %d (%s) has compute capability %s, for which the CUDA backend (nd4j-cuda-11.6 1.0.0-M2.1) has no machine code: use a GPU of 3.7 to 8.9 (Kepler K80 to Ada) or a jar with the CPU backend",
        index,
        name,
        computeCapability());
  }
}
