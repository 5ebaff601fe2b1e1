package dev.mona.compute;

/**
 * A number in double that may still be on its way: on a GPU the device computes it, and asking for
 * its value waits. Numbers that only lead to other work on the device are never asked for.
 */
public interface Scalar {
  /** The number; the first call may wait for the device. */
  double value();

  /** A number of the host. */
  static Scalar of(double value) {
    return () -> value;
  }
}
