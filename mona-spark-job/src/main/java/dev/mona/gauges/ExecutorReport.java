package dev.mona.gauges;

import java.io.Serializable;

/**
 * The gauges of an executor at one moment.
 *
 * @param executor id of the executor
 * @param samples samples trained on
 * @param localSeconds seconds in local steps, summed over its tasks
 * @param learners open learners
 * @param nativeBytes bytes of arrays outside the heap; {@code org.bytedeco.javacpp.maxbytes} bounds
 *     them
 * @param physicalBytes resident size of the JVM, heap included
 */
record ExecutorReport(
    String executor,
    long samples,
    double localSeconds,
    int learners,
    long nativeBytes,
    long physicalBytes)
    implements Serializable {
  /** The id under which Spark runs tasks within the driver. */
  static final String DRIVER = "driver";

  /** What this JVM's tasks did, with sizes in bytes. */
  static ExecutorReport of(String executor, LocalWork work, long arrays, long resident) {
    return new ExecutorReport(
        executor, work.samples(), work.seconds(), work.learners(), arrays, resident);
  }
}
