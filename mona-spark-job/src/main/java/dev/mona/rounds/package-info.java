/**
 * Parameter averaging on Spark: rounds of local steps on every partition and the example-weighted
 * mean of what comes back. A {@link dev.mona.rounds.Session} leads to the {@link
 * dev.mona.rounds.Workers}. Depends on {@code dev.mona.learner}, {@code task} and {@code metric} of
 * the model, on the serial form of arrays in {@code tensor}, on {@code gauges}, which it tells what
 * was done, on {@code spark} and on Spark; knows no DL4J and trains nothing itself.
 */
@NullMarked
package dev.mona.rounds;

import org.jspecify.annotations.NullMarked;
