package dev.mona.compute;

/**
 * Where arrays live. One device serves all learners of a JVM; each thread that computes on it calls
 * {@link #bind} first and has a queue of its own. Arrays are used by one thread at a time, but for
 * constants, which several may read.
 */
public interface Device {
  /** In words, for logs and reports: library, processor or GPU, kernels. */
  String describe();

  ElementType type();

  Precision precision();

  /**
   * Makes this the device of the calling thread. Cheap when repeated.
   *
   * @param threads native threads of the calling thread's work on the CPU; 0 leaves the library's
   *     default
   */
  void bind(int threads);

  /** An array of undefined contents that stays until it is closed. */
  Array allocate(long... shape);

  /** An array of zeros that stays until it is closed. */
  default Array zeros(long... shape) {
    Array array = allocate(shape);
    vectors().fill(array, 0);
    return array;
  }

  /** An array with the values of the host, row-major. */
  default Array of(float[] values, long... shape) {
    Array array = allocate(shape);
    array.put(values, 0);
    return array;
  }

  /** Operations on whole vectors, which need no memory of their own. */
  Vectors vectors();

  /**
   * The primitives of a tape, chosen once for it.
   *
   * @param scratch where kernels take memory from and hand it back before they return
   */
  Kernels kernels(Arena scratch);

  /** Waits until everything the calling thread asked for is done. */
  void await();

  /** Calls to the library so far by all threads: what a launch-bound step costs. */
  long calls();

  /** How often a thread has waited for the device so far: by each download. */
  long waits();

  /** Bytes of all arrays of this device. */
  long usedBytes();

  /** Bytes of the device's memory or the limit for arrays in it; 0 if there is none. */
  long totalBytes();
}
