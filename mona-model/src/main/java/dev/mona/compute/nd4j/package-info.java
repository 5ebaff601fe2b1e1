/**
 * The engine {@code nd4j}: arrays are INDArrays. {@link dev.mona.compute.nd4j.Nd4jKernels} is the
 * reference, ND4J calls alone; {@link dev.mona.compute.nd4j.HostKernels} replaces those that pass
 * over memory several times by loops of the JVM, for floats in this process's memory. Which of them
 * a device has is decided when it is opened. Uses ND4J, JavaCPP and {@code compute}.
 */
@NullMarked
package dev.mona.compute.nd4j;

import org.jspecify.annotations.NullMarked;
