package dev.mona.compute;

/**
 * What a device is opened for.
 *
 * @param number of the GPU in this process, from 0 on; 0 where the engine computes on the CPU
 * @param type of the elements
 * @param precision of products of matrices
 */
public record DeviceSpec(int number, ElementType type, Precision precision) {
  /** Number 0 in {@link Precision#FLOAT32}. */
  public static DeviceSpec of(ElementType type) {
    return new DeviceSpec(0, type, Precision.FLOAT32);
  }
}
