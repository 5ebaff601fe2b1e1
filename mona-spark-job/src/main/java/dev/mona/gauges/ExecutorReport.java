package dev.mona.gauges;

import java.io.Serializable;

/**
 * The gauges of an executor at one moment.
 *
 * @param executor id of the executor
 * @param tasks what its tasks did
 * @param memory what it holds
 */
record ExecutorReport(String executor, Tasks tasks, Memory memory) implements Serializable {
  /** The id under which Spark runs tasks within the driver. */
  static final String DRIVER = "driver";

  /** What this JVM's tasks did, with what it holds. */
  static ExecutorReport of(String executor, LocalWork work, Memory memory) {
    return new ExecutorReport(
        executor, new Tasks(work.samples(), work.seconds(), work.learners()), memory);
  }

  /**
   * What the tasks of an executor did.
   *
   * @param samples samples trained on
   * @param seconds seconds in local steps, summed over its tasks
   * @param learners open learners
   */
  record Tasks(long samples, double seconds, int learners) implements Serializable {}

  /**
   * Sizes at the end of the last task, in bytes.
   *
   * @param arrays arrays in the memory of the machine, outside the heap; {@code
   *     org.bytedeco.javacpp.maxbytes} bounds them
   * @param resident resident size of the JVM, heap included
   * @param deviceUsed arrays on the device, which may be a GPU
   * @param deviceTotal memory of the GPU, or the limit for arrays; 0 without one
   */
  record Memory(long arrays, long resident, long deviceUsed, long deviceTotal)
      implements Serializable {
    static final Memory UNKNOWN = new Memory(0, 0, 0, 0);
  }
}
