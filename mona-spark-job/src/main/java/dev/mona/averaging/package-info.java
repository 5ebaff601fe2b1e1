/**
 * Parameter averaging on Spark: rounds of local steps on every partition and the example-weighted
 * mean of what comes back, driven by DL4J Spark's training-master interface. Depends on {@code
 * dev.mona.learner}, {@code task} and {@code metric} of the model, on the serial form of arrays in
 * {@code tensor}, on {@code dev.mona.gauges}, which it tells what was done, on Spark and on DL4J
 * Spark; trains nothing itself.
 */
@NullMarked
package dev.mona.averaging;

import org.jspecify.annotations.NullMarked;
