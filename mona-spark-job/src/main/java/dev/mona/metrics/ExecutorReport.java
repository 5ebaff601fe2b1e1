package dev.mona.metrics;

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
    implements Serializable {}
