package dev.mona.compute;

/**
 * A GPU that an engine sees.
 *
 * @param index its number in this process
 * @param name name of the model
 * @param major compute capability before the point
 * @param minor compute capability after the point
 * @param memory bytes of its memory
 */
public record Gpu(int index, String name, int major, int minor, long memory) {
  /** Compute capability of Ampere. */
  private static final int AMPERE = 8;

  /** {@code major.minor}. */
  public String computeCapability() {
    return major + "." + minor;
  }

  /** Whether its tensor cores multiply factors in bf16 and tf32. */
  public boolean roundsFactors() {
    return major >= AMPERE;
  }
}
