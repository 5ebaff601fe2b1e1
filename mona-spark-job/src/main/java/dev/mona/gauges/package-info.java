/**
 * What a run shows while it trains, as gauges of Spark's metrics system: {@link
 * dev.mona.gauges.MonaPlugin}. Depends on {@code events}, {@code device} and {@code doctor}, on
 * Spark's plugin interface and on Dropwizard metrics; knows nothing of averaging, which tells it
 * what was done.
 */
@NullMarked
package dev.mona.gauges;

import org.jspecify.annotations.NullMarked;
